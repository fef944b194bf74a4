/* The limits of a running Erlang VM: its flags, what it makes of them, and its open files. */
#include "probes/host/processes/erlang_vm.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "probes/host/descriptors.h"
#include "probes/host/limits.h"
#include "probes/host/processes/beam.h"
#include "probes/host/put.h"

struct erlang_vm {
	struct probing *probing;
	const char *instance; /* the process id */
	struct beam_flags flags;
	const char *flags_path;
};

static const char bad_flag[] = "a flag has a number that it does not accept";

/* A word of a command line ends with a NUL. */
static void vm_add_word(struct text *text, const char *word)
{
	text_add_bytes(text, word, strlen(word) + 1);
}

static void vm_add_flag(struct text *text, const char *flag, double value)
{
	char number[NUMBER_TEXT_MAX];
	if (isnan(value))
		return;
	vm_add_word(text, flag);
	vm_add_word(text, text_plain_number(number, value));
}

/* Keeps "beam.smp -Q N -P N -- -sname NAME": what the parser needs, and no cookie. */
static void vm_keep_flags(const struct erlang_vm *vm, const char *path)
{
	struct text text = {0};
	vm_add_word(&text, "beam.smp");
	vm_add_flag(&text, "-Q", vm->flags.ports);
	vm_add_flag(&text, "-P", vm->flags.processes);
	if (vm->flags.name) {
		vm_add_word(&text, "--");
		vm_add_word(&text, "-sname");
		vm_add_word(&text, vm->flags.name);
	}
	source_keep(vm->probing->source, path, text.data, text.length);
	text_release(&text);
}

/* A snapshot keeps this variable alone: that it is not set is something to keep as well. */
static void vm_keep_max_ports(struct probing *probing, const char *path, double ports)
{
	char number[NUMBER_TEXT_MAX];
	if (isnan(ports)) {
		source_keep(probing->source, path, "", 0);
		return;
	}
	text_plain_number(number, ports);
	const char *kept = arena_printf(probing->arena, "ERL_MAX_PORTS=%s", number);
	source_keep(probing->source, path, kept, strlen(kept) + 1);
}

/* ERL_MAX_PORTS of the VM's environment; NAN: not set. */
static double vm_read_max_ports(struct probing *probing, const char *path, int *ret_error)
{
	const char *bytes, *text;
	size_t length;
	double ports = NAN;
	*ret_error = source_read_bytes(probing->source, path, &bytes, &length);
	if (*ret_error) {
		source_keep_error(probing->source, path, *ret_error);
		return NAN;
	}
	text = beam_environ(probing->arena, bytes, length, "ERL_MAX_PORTS");
	if (text)
		ports = beam_parse_number(text);
	vm_keep_max_ports(probing, path, ports);
	return ports;
}

static struct fact *vm_put(const struct erlang_vm *vm,
		const char *key,
		double number,
		const char *path)
{
	return put_number_of(vm->probing, key, vm->instance, number, UNIT_COUNT, path, NULL);
}

static void vm_put_errno(const struct erlang_vm *vm, const char *key, const char *path, int error)
{
	put_errno_of(vm->probing, key, vm->instance, UNIT_COUNT, path, error);
}

static void vm_put_malformed(const struct erlang_vm *vm,
		const char *key,
		const char *path,
		const char *note)
{
	put_malformed_of(vm->probing, key, vm->instance, UNIT_COUNT, path, NULL, note);
}

/* What the VM makes of the number of ports it was given. */
static void vm_put_given_ports(const struct erlang_vm *vm, double ports, const char *path)
{
	vm_put(vm, "beam.port_limit_requested", ports, path);
	struct fact *limit = vm_put(vm, "beam.port_limit", beam_round(ports), path);
	limit->origin = ORIGIN_DERIVED;
}

static void vm_put_default_ports(const struct erlang_vm *vm, const char *path)
{
	double limit = beam_round(BEAM_PORTS_DEFAULT);
	struct fact *asked = vm_put(vm, "beam.port_limit_requested", BEAM_PORTS_DEFAULT, path);
	struct fact *made = vm_put(vm, "beam.port_limit", limit, path);
	asked->origin = ORIGIN_CONSTANT;
	made->origin = ORIGIN_CONSTANT;
	made->note = "neither +Q nor ERL_MAX_PORTS, so the default of Erlang/OTP applies";
}

static void vm_put_ports(const struct erlang_vm *vm)
{
	int error;
	if (!isnan(vm->flags.ports)) {
		vm_put_given_ports(vm, vm->flags.ports, vm->flags_path);
		return;
	}
	const char *path = arena_printf(vm->probing->arena, "proc/%s/environ", vm->instance);
	double ports = vm_read_max_ports(vm->probing, path, &error);
	if (!isnan(ports)) {
		vm_put_given_ports(vm, ports, path);
	} else if (error && put_status_of(error) != FACT_ABSENT) {
		vm_put_errno(vm, "beam.port_limit_requested", path, error);
		vm_put_errno(vm, "beam.port_limit", path, error);
	} else if (vm->flags.bad) {
		vm_put_malformed(vm, "beam.port_limit", path, bad_flag);
	} else {
		vm_put_default_ports(vm, path);
	}
}

static void vm_put_processes(const struct erlang_vm *vm)
{
	static const char key[] = "beam.process_limit";
	double processes = vm->flags.processes;
	struct fact *limit;
	if (!isnan(processes)) {
		vm_put(vm, "beam.process_limit_requested", processes, vm->flags_path);
		limit = vm_put(vm, key, beam_round(processes), vm->flags_path);
		limit->origin = ORIGIN_DERIVED;
	} else if (vm->flags.bad) {
		vm_put_malformed(vm, key, vm->flags_path, bad_flag);
	} else {
		limit = vm_put(vm, key, beam_round(BEAM_PROCESSES_DEFAULT), vm->flags_path);
		limit->origin = ORIGIN_CONSTANT;
		limit->note = "no +P, so the default up to OTP 26 applies (OTP 27 has 1,048,576)";
	}
}

/* Returns the soft limit; NAN: not known. */
static double vm_put_soft_limit(const struct erlang_vm *vm)
{
	static const char key[] = "beam.nofile.soft", name[] = "Max open files";
	char *text;
	int line;
	double soft, hard;
	const char *path = arena_printf(vm->probing->arena, "proc/%s/limits", vm->instance);
	int error = probing_read_text(vm->probing, path, &text);
	if (error) {
		vm_put_errno(vm, key, path, error);
		return NAN;
	}
	if (!limits_find(text, name, &soft, &hard, &line)) {
		vm_put_malformed(vm, key, path, "no \"Max open files\" line");
		return NAN;
	}
	vm_put(vm, key, soft, path)->line = line;
	return soft;
}

static void vm_put_files(const struct erlang_vm *vm)
{
	static const char key[] = "beam.fds_open";
	struct descriptors found;
	const struct descriptor_limits limits = {.soft = vm_put_soft_limit(vm), .hard = NAN};
	const char *path = arena_printf(vm->probing->arena, "proc/%s/fd", vm->instance);
	int error = descriptors_read(vm->probing->source, path, false, &limits, &found);
	if (error)
		vm_put_errno(vm, key, path, error);
	else
		vm_put(vm, key, found.open, path);
}

static void vm_put_name(const struct erlang_vm *vm)
{
	const char *name = vm->flags.name;
	if (!name)
		name = "nonode";
	put_text_of(vm->probing, "beam.name", vm->instance, name, vm->flags_path, NULL);
}

void erlang_vm_found(struct probing *probing, int pid)
{
	struct erlang_vm vm = {
			.probing = probing,
			.instance = arena_printf(probing->arena, "%d", pid),
			.flags = {.ports = NAN, .processes = NAN},
			.flags_path = arena_printf(probing->arena, "proc/%d/cmdline", pid),
	};
	const char *bytes;
	size_t length;
	int error = source_read_bytes(probing->source, vm.flags_path, &bytes, &length);
	if (error) {
		source_keep_error(probing->source, vm.flags_path, error);
		vm_put_errno(&vm, "beam.port_limit", vm.flags_path, error);
		vm_put_errno(&vm, "beam.process_limit", vm.flags_path, error);
		vm_put_files(&vm);
		return;
	}
	beam_parse_cmdline(probing->arena, bytes, length, &vm.flags);
	vm_keep_flags(&vm, vm.flags_path);
	vm_put_name(&vm);
	vm_put_ports(&vm);
	vm_put_processes(&vm);
	vm_put_files(&vm);
}
