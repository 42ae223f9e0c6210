/* lws_daemonize: how the starter ends, what the daemon is, and what becomes of the lock file. Daemons report by a pipe;
 * this program adopts them, so that it can wait for their end. */
#include <libwebsockets.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/lws-ctest-XXXXXX", lock[64];
static int go[2];

static const char *target(int fd)
{
	static char to[3][64];
	char path[32];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = readlink(path, to[fd], sizeof(to[fd]) - 1);
	to[fd][n < 0 ? 0 : n] = 0;
	return to[fd];
}

static int ignored(int sig)
{
	struct sigaction sa;

	sigaction(sig, NULL, &sa);
	return sa.sa_handler == SIG_IGN;
}

/* in the starter, and from there on in the daemon */
static void daemon_main(const char *path, int report)
{
	char b[512], here[64];
	mode_t m;
	int n;

	umask(027);
	n = lws_daemonize(path);
	m = umask(0);
	n = snprintf(b, sizeof(b), "%d ret %d session %d in %s umask %o fds %s %s %s ignored hup %d tstp %d chld %d pipe %d\n",
		     (int)getpid(), n, getsid(0) == getpid(), getcwd(here, sizeof(here)), (unsigned int)m, target(0),
		     target(1), target(2), ignored(SIGHUP), ignored(SIGTSTP), ignored(SIGCHLD), ignored(SIGPIPE));
	if (write(report, b, (size_t)n) != n)
		_exit(9);
	close(report);
	close(go[1]);
	if (read(go[0], b, 1) < 0) /* until let go or killed */
		_exit(8);
	_exit(0);
}

/* starts one; returns the daemon's pid or 0 */
static int start(const char *what, const char *path)
{
	char b[512], *rest = b;
	int p[2], status = 0, n, got = 0, pid;

	if (pipe(p))
		exit(1);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		close(p[0]);
		daemon_main(path, p[1]);
	}
	close(p[1]);
	waitpid(pid, &status, 0);
	while ((n = (int)read(p[0], b + got, sizeof(b) - 1 - (size_t)got)) > 0)
		got += n;
	close(p[0]);
	b[got] = 0;
	pid = got ? (int)strtol(b, &rest, 10) : 0;
	printf("%s: starter exit %d, daemon%s", what, WIFEXITED(status) ? WEXITSTATUS(status) : -1, got ? rest : " none\n");
	return pid;
}

static void show_lock(const char *what, int pid)
{
	char b[64];
	struct stat st;
	int fd = open(lock, O_RDONLY), n;

	if (fd < 0) {
		printf("%s: no lock\n", what);
		return;
	}
	n = (int)read(fd, b, sizeof(b) - 1);
	b[n < 0 ? 0 : n] = 0;
	fstat(fd, &st);
	printf("%s: lock %s mode %o\n", what, pid && atoi(b) == pid ? "of the daemon" : b, (unsigned int)st.st_mode & 07777);
	close(fd);
}

static void set_lock(const char *text)
{
	int fd = open(lock, O_CREAT | O_TRUNC | O_WRONLY, 0640);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		exit(1);
	close(fd);
}

static void finish(const char *what, int pid, int sig)
{
	if (!pid)
		return;
	kill(pid, sig);
	waitpid(pid, NULL, 0);
	show_lock(what, pid);
}

int main(void)
{
	char b[32];
	int pid;

	if (!mkdtemp(dir) || pipe(go) || prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
		return 1;
	lws_snprintf(lock, sizeof(lock), "%s/lock", dir);
	umask(027);

	pid = start("fresh", lock);
	show_lock("fresh", pid);
	start("while it runs", lock);
	finish("SIGTERM", pid, SIGTERM);
	pid = start("again", lock);
	finish("SIGKILL", pid, SIGKILL);
	set_lock("2147483646"); /* no process can have it */
	pid = start("over a stale lock", lock);
	show_lock("over a stale lock", pid);
	finish("SIGTERM", pid, SIGTERM);
	lws_snprintf(b, sizeof(b), "%d\n", (int)getpid());
	set_lock(b);
	pid = start("over a living process", lock);
	unlink(lock);
	set_lock("junk");
	pid = start("over something else", lock);
	show_lock("over something else", pid);
	unlink(lock);
	pid = start("no lock", NULL);
	finish("no lock", pid, SIGTERM);
	lws_snprintf(lock, sizeof(lock), "%s/none/lock", dir);
	pid = start("lock that cannot be", lock);
	finish("lock that cannot be", pid, SIGTERM);
	rmdir(dir);
	return 0;
}
