/* lws_snprintf: what it returns and leaves in the buffer, with arguments of every class; lws_open. */
#include <libwebsockets.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	char b[128], path[] = "/tmp/lws-ctest-XXXXXX", dir[64];
	const char *volatile too_long = "%2147483648d"; /* volatile: or gcc warns */
	struct stat st;
	size_t i;
	int n, fd;

	for (i = 0; i < 8; i++) {
		memset(b, '#', sizeof(b));
		n = lws_snprintf(b, i, "abc%d", 5);
		printf("size %zu: %d [%.8s]\n", i, n, b);
	}
	n = lws_snprintf(b, sizeof(b), "%s", "");
	printf("empty %d [%s]\n", n, b);
	n = lws_snprintf(b, sizeof(b), "%d %d %d %d %d %d %d %d", 1, 2, 3, 4, 5, 6, 7, 8);
	printf("%d [%s]\n", n, b);
	n = lws_snprintf(b, sizeof(b), "%.1f %.1f %.1f %.1f %.1f %.1f %.1f %.1f %.1f %.1f", 1., 2., 3., 4., 5., 6., 7., 8.,
			 9., 10.);
	printf("%d [%s]\n", n, b);
	n = lws_snprintf(b, sizeof(b), "%d %.1f %s %lld %.2Lf %c %zu %.3f %p", 1, 2.5, "three", 1LL << 40, 5.25L, '6',
			 (size_t)7, 8.125, (void *)9);
	printf("%d [%s]\n", n, b);
	n = lws_snprintf(b, sizeof(b), "%*d|%-*s|%.*s", 5, 42, 6, "left", 3, "cut off");
	printf("%d [%s]\n", n, b);
	n = lws_snprintf(b, 10, "%s%s", "12345", "6789012345");
	printf("%d [%s]\n", n, b);
	n = lws_snprintf(b, sizeof(b), too_long, 1);
	printf("overflow %d\n", n);

	umask(022);
	fd = mkstemp(path);
	close(fd);
	unlink(path);
	fd = lws_open(path, O_CREAT | O_EXCL | O_RDWR, 0640);
	printf("created %d", fd >= 0);
	fstat(fd, &st);
	printf(" mode %o cloexec %d\n", (unsigned int)st.st_mode & 0777, fcntl(fd, F_GETFD));
	printf("write %zd\n", write(fd, "x", 1));
	close(fd);
	fd = lws_open(path, O_RDONLY);
	printf("opened %d cloexec %d write %zd\n", fd >= 0, fcntl(fd, F_GETFD), write(fd, "x", 1));
	close(fd);
	printf("exists %d\n", lws_open(path, O_CREAT | O_EXCL | O_RDWR, 0600));
	unlink(path);
	lws_snprintf(dir, sizeof(dir), "%s/none", path);
	printf("absent %d\n", lws_open(dir, O_RDONLY));
	return 0;
}
