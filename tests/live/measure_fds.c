/* Counts the descriptors this process can hold before EMFILE, under the limits it inherits.
 * Independent of headroom: no project code. Prints "open_before=N opened=N total=N": open_before
 * counts the inherited ones below the soft limit, which are the ones that take room. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) || files.rlim_cur > 1000000) {
		fprintf(stderr, "measure_fds: the soft limit is too high to try it out\n");
		return 77;
	}
	unsigned before = 0, opened = 0;
	for (int fd = 0; (rlim_t)fd < files.rlim_cur; fd++)
		before += fcntl(fd, F_GETFD) >= 0;
	while (socket(AF_UNIX, SOCK_STREAM, 0) >= 0)
		opened++;
	if (errno != EMFILE) {
		fprintf(stderr,
				"measure_fds: stopped by something else than the limit: %s\n",
				strerror(errno));
		return 1;
	}
	printf("open_before=%u opened=%u total=%u\n", before, opened, before + opened);
	fflush(stdout);
	_exit(0); /* a sanitizer's report at exit would need a descriptor */
}
