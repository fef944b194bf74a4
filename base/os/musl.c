#include "base/os/musl.h"

#ifndef __GLIBC__

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/memory.h"
#include "base/os/file.h"

#define NAME(number) [number] = #number
/* <asm-generic/errno.h>: all architectures that headroom is built for have these. */
static const char *const errno_names[] = {
		NAME(EPERM),
		NAME(ENOENT),
		NAME(ESRCH),
		NAME(EINTR),
		NAME(EIO),
		NAME(ENXIO),
		NAME(E2BIG),
		NAME(ENOEXEC),
		NAME(EBADF),
		NAME(ECHILD),
		NAME(EAGAIN),
		NAME(ENOMEM),
		NAME(EACCES),
		NAME(EFAULT),
		NAME(ENOTBLK),
		NAME(EBUSY),
		NAME(EEXIST),
		NAME(EXDEV),
		NAME(ENODEV),
		NAME(ENOTDIR),
		NAME(EISDIR),
		NAME(EINVAL),
		NAME(ENFILE),
		NAME(EMFILE),
		NAME(ENOTTY),
		NAME(ETXTBSY),
		NAME(EFBIG),
		NAME(ENOSPC),
		NAME(ESPIPE),
		NAME(EROFS),
		NAME(EMLINK),
		NAME(EPIPE),
		NAME(EDOM),
		NAME(ERANGE),
		NAME(EDEADLK),
		NAME(ENAMETOOLONG),
		NAME(ENOLCK),
		NAME(ENOSYS),
		NAME(ENOTEMPTY),
		NAME(ELOOP),
		NAME(ENOMSG),
		NAME(EIDRM),
		NAME(ECHRNG),
		NAME(EL2NSYNC),
		NAME(EL3HLT),
		NAME(EL3RST),
		NAME(ELNRNG),
		NAME(EUNATCH),
		NAME(ENOCSI),
		NAME(EL2HLT),
		NAME(EBADE),
		NAME(EBADR),
		NAME(EXFULL),
		NAME(ENOANO),
		NAME(EBADRQC),
		NAME(EBADSLT),
		NAME(EBFONT),
		NAME(ENOSTR),
		NAME(ENODATA),
		NAME(ETIME),
		NAME(ENOSR),
		NAME(ENONET),
		NAME(ENOPKG),
		NAME(EREMOTE),
		NAME(ENOLINK),
		NAME(EADV),
		NAME(ESRMNT),
		NAME(ECOMM),
		NAME(EPROTO),
		NAME(EMULTIHOP),
		NAME(EDOTDOT),
		NAME(EBADMSG),
		NAME(EOVERFLOW),
		NAME(ENOTUNIQ),
		NAME(EBADFD),
		NAME(EREMCHG),
		NAME(ELIBACC),
		NAME(ELIBBAD),
		NAME(ELIBSCN),
		NAME(ELIBMAX),
		NAME(ELIBEXEC),
		NAME(EILSEQ),
		NAME(ERESTART),
		NAME(ESTRPIPE),
		NAME(EUSERS),
		NAME(ENOTSOCK),
		NAME(EDESTADDRREQ),
		NAME(EMSGSIZE),
		NAME(EPROTOTYPE),
		NAME(ENOPROTOOPT),
		NAME(EPROTONOSUPPORT),
		NAME(ESOCKTNOSUPPORT),
		NAME(EOPNOTSUPP),
		NAME(EPFNOSUPPORT),
		NAME(EAFNOSUPPORT),
		NAME(EADDRINUSE),
		NAME(EADDRNOTAVAIL),
		NAME(ENETDOWN),
		NAME(ENETUNREACH),
		NAME(ENETRESET),
		NAME(ECONNABORTED),
		NAME(ECONNRESET),
		NAME(ENOBUFS),
		NAME(EISCONN),
		NAME(ENOTCONN),
		NAME(ESHUTDOWN),
		NAME(ETOOMANYREFS),
		NAME(ETIMEDOUT),
		NAME(ECONNREFUSED),
		NAME(EHOSTDOWN),
		NAME(EHOSTUNREACH),
		NAME(EALREADY),
		NAME(EINPROGRESS),
		NAME(ESTALE),
		NAME(EUCLEAN),
		NAME(ENOTNAM),
		NAME(ENAVAIL),
		NAME(EISNAM),
		NAME(EREMOTEIO),
		NAME(EDQUOT),
		NAME(ENOMEDIUM),
		NAME(EMEDIUMTYPE),
		NAME(ECANCELED),
		NAME(ENOKEY),
		NAME(EKEYEXPIRED),
		NAME(EKEYREVOKED),
		NAME(EKEYREJECTED),
		NAME(EOWNERDEAD),
		NAME(ENOTRECOVERABLE),
		NAME(ERFKILL),
		NAME(EHWPOISON),
};
#undef NAME

const char *strerrorname_np(int error)
{
	if (error == 0)
		return "0";
	if (error < 0 || (size_t)error >= COUNT_OF(errno_names))
		return NULL;
	return errno_names[error];
}

static struct dirent *copy_entry(const struct dirent *entry)
{
	struct dirent *copy = memory_get(entry->d_reclen);
	return memcpy(copy, entry, entry->d_reclen);
}

typedef int compare_pointers(const void *a, const void *b);

int scandirat(int dir,
		const char *path,
		struct dirent ***ret_entries,
		int (*wanted)(const struct dirent *entry),
		int (*compare)(const struct dirent **a, const struct dirent **b))
{
	int fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), count = 0;
	DIR *stream = fd >= 0 ? file_read_directory(fd) : NULL;
	if (!stream)
		return -1;
	struct dirent **entries = NULL;
	const struct dirent *entry;
	while ((entry = readdir(stream))) {
		if (wanted && !wanted(entry))
			continue;
		entries = memory_resize(entries, ((size_t)count + 1) * sizeof *entries);
		entries[count++] = copy_entry(entry);
	}
	(void)closedir(stream);
	if (count > 0)
		qsort(entries, (size_t)count, sizeof *entries, (compare_pointers *)compare);
	*ret_entries = entries;
	return count;
}

#endif
