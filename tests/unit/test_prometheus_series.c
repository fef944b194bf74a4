/* Series of a Prometheus become a facts document: all of it, and nothing that makes no sense. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "audit/fleet/prometheus_series.h"
#include "base/array.h"
#include "base/os/json.h"
#include "report/document/view.h"

static struct arena *arena;
static struct series_host host;
static struct series_hosts hosts;

static int set_up(void **state)
{
	(void)state;
	arena = arena_new();
	hosts = (struct series_hosts){
			.arena = arena,
			.where = "http://prometheus:9090",
			.items = &host,
			.count = 1,
	};
	series_begin(&hosts, &host, "a:9100");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* {"__name__": NAME, "instance": "a:9100", LABELS} VALUE */
static void take(const char *name, const char *labels, const char *value)
{
	const char *text = arena_printf(arena,
			"{\"metric\":{\"__name__\":\"%s\",\"instance\":\"a:9100\"%s%s},"
			"\"value\":[1700000000.5,\"%s\"]}",
			name,
			*labels ? "," : "",
			labels,
			value);
	cJSON *sample = cJSON_Parse(text);
	assert_non_null(sample);
	series_take(&hosts, sample);
	cJSON_Delete(sample);
}

/* What the document says of a fact; NULL: nothing. The caller deletes the tree. */
static const cJSON *fact_of(const cJSON *document, const char *key)
{
	return view_find(view_array(document, "facts"), "key", key);
}

static cJSON *document_of(void)
{
	char *text = series_document(&hosts, &host);
	assert_non_null(text);
	cJSON *document = cJSON_Parse(text);
	cJSON_free(text);
	assert_non_null(document);
	return document;
}

static void numbers_texts_and_what_is_missing(void **state)
{
	(void)state;
	take("headroom_facts_created_timestamp_seconds", "", "1577836800");
	take("headroom_host_info", "\"name\":\"a\",\"fingerprint\":\"f00d\"", "1");
	take("headroom_fact", "\"key\":\"net.core.somaxconn\"", "4096");
	take("headroom_fact", "\"key\":\"cgroup.memory.max\"", "+Inf");
	take("headroom_fact", "\"key\":\"listener.port\",\"of\":\"0.0.0.0:80\"", "80");
	take("headroom_fact_info", "\"key\":\"ports.bound\"", "1"); /* an empty label is none */
	take("headroom_fact_missing", "\"key\":\"fs.nr_open\",\"status\":\"denied\"", "1");
	take("headroom_fact_list", "\"key\":\"listener.port\",\"state\":\"complete\"", "1");
	cJSON *document = document_of();
	assert_string_equal(view_raw(document, "created"), "2020-01-01T00:00:00Z");
	assert_string_equal(view_raw(document, "host.fingerprint"), "f00d");
	assert_true(view_number(fact_of(document, "net.core.somaxconn"), "value") > 4095);
	assert_string_equal(view_raw(fact_of(document, "cgroup.memory.max"), "value"), "unlimited");
	assert_string_equal(view_raw(fact_of(document, "listener.port"), "instance"), "0.0.0.0:80");
	assert_string_equal(view_raw(fact_of(document, "ports.bound"), "status"), "known");
	assert_string_equal(view_raw(fact_of(document, "fs.nr_open"), "status"), "denied");
	const cJSON *list = cJSON_GetObjectItem(view_object(document, "collected"), "listener.port");
	assert_string_equal(view_raw(list, "state"), "complete");
	cJSON_Delete(document);
}

static void a_list_that_lost_an_entry_is_not_whole(void **state)
{
	(void)state;
	take("headroom_fact", "\"key\":\"listener.port\",\"of\":\"0.0.0.0:80\"", "80");
	take("headroom_fact_list", "\"key\":\"listener.port\",\"state\":\"complete\"", "2");
	cJSON *document = document_of();
	const cJSON *list = cJSON_GetObjectItem(view_object(document, "collected"), "listener.port");
	assert_string_equal(view_raw(list, "state"), "skipped");
	cJSON_Delete(document);
}

static void what_makes_no_sense_is_left_out(void **state)
{
	static const struct {
		const char *name, *labels, *value;
	} bad[] = {
			{"headroom_fact", "\"key\":\"net.core.somaxconn\"", "NaN"},
			{"headroom_fact", "\"key\":\"net.core.somaxconn\"", "-Inf"},
			{"headroom_fact", "\"key\":\"net.core.somaxconn\"", "-1"},
			{"headroom_fact", "\"key\":\"net.core.somaxconn\"", "1e300"},
			{"headroom_fact", "\"key\":\"net.core.somaxconn\"", "5 apples"},
			{"headroom_fact", "\"key\":\"of.tomorrow\"", "1"},
			{"headroom_fact", "", "1"},
			{"headroom_fact", "\"key\":\"net.core.somaxconn\",\"of\":\"x\"", "1"},
			{"headroom_fact", "\"key\":\"listener.port\"", "1"},
			{"headroom_fact", "\"key\":\"ports.bound\"", "1"},
			{"headroom_fact_info", "\"key\":\"net.core.somaxconn\",\"text\":\"x\"", "1"},
			{"headroom_fact_missing", "\"key\":\"net.core.somaxconn\",\"status\":\"known\"", "1"},
			{"headroom_fact_missing", "\"key\":\"net.core.somaxconn\",\"status\":\"lost\"", "1"},
			{"headroom_fact_list", "\"key\":\"net.core.somaxconn\",\"state\":\"complete\"", "1"},
			{"node_netstat_Tcp_", "", "1"},
			{"node_sysctl_", "", "1"},
			{"node_sysctl_net_core_somaxconn", "\"index\":\"0\"", "1"},
			{"node_sysctl_net_ipv4_ip_local_port_range_min", "", "40000"},
			{"up", "", "1"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		take(bad[i].name, bad[i].labels, bad[i].value);
	assert_null(series_document(&hosts, &host));
	assert_null(host.broken);
}

static void two_series_that_differ_break_the_host(void **state)
{
	(void)state;
	take("headroom_fact", "\"key\":\"net.core.somaxconn\"", "4096");
	take("headroom_fact", "\"key\":\"net.core.somaxconn\",\"job\":\"other\"", "4096");
	cJSON_Delete(document_of());
	take("headroom_fact", "\"key\":\"net.core.somaxconn\",\"job\":\"third\"", "128");
	assert_null(series_document(&hosts, &host));
	assert_non_null(strstr(host.broken, "net.core.somaxconn"));
}

static void node_exporter_stands_in(void **state)
{
	(void)state;
	take("node_uname_info",
			"\"sysname\":\"Linux\",\"release\":\"6.1.0-18-amd64\",\"nodename\":\"a\"",
			"1");
	take("node_filefd_maximum", "", "9.223372036854775807e+18");
	take("node_sysctl_net_ipv4_ip_local_port_range_max", "", "60999");
	take("node_sysctl_net_ipv4_ip_local_port_range_min", "", "32768");
	take("node_sysctl_net_ipv4_tcp_mem", "\"index\":\"2\"", "376000");
	take("node_sysctl_net_ipv4_tcp_mem_min", "", "188000");
	take("node_sysctl_info",
			"\"name\":\"net.ipv4.ip_local_reserved_ports\",\"value\":\"8080,9000-9100\"",
			"1");
	take("node_netstat_TcpExt_ListenDrops", "", "7");
	cJSON *document = document_of();
	assert_string_equal(view_raw(document, "created"), "2023-11-14T22:13:20Z");
	assert_string_equal(view_raw(fact_of(document, "kernel.release"), "value"), "6.1.0-18-amd64");
	assert_string_equal(view_raw(fact_of(document, "fs.file-max"), "value"), "unlimited");
	assert_string_equal(view_raw(fact_of(document, "net.ipv4.ip_local_port_range"), "value"),
			"32768 60999");
	assert_true(view_number(fact_of(document, "net.ipv4.tcp_mem.max"), "value") > 375999);
	assert_string_equal(view_raw(fact_of(document, "net.ipv4.ip_local_reserved_ports"), "value"),
			"8080,9000-9100");
	assert_true(view_number(fact_of(document, "netstat.TcpExt.ListenDrops"), "value") > 6);
	assert_null(fact_of(document, "limits.nofile.soft"));
	assert_null(cJSON_GetObjectItem(document, "collected")->child);
	cJSON_Delete(document);
}

static void what_headroom_said_counts_alone(void **state)
{
	(void)state;
	take("node_filefd_maximum", "", "1000");
	take("headroom_fact", "\"key\":\"net.core.somaxconn\"", "4096");
	cJSON *document = document_of();
	assert_null(fact_of(document, "fs.file-max"));
	cJSON_Delete(document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_setup_teardown(numbers_texts_and_what_is_missing, set_up, tear_down),
			cmocka_unit_test_setup_teardown(a_list_that_lost_an_entry_is_not_whole,
					set_up,
					tear_down),
			cmocka_unit_test_setup_teardown(what_makes_no_sense_is_left_out, set_up, tear_down),
			cmocka_unit_test_setup_teardown(two_series_that_differ_break_the_host,
					set_up,
					tear_down),
			cmocka_unit_test_setup_teardown(node_exporter_stands_in, set_up, tear_down),
			cmocka_unit_test_setup_teardown(what_headroom_said_counts_alone, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
