/*
 * Every function that the library exports, called with nothing but zeros, each in a process of its own: none may crash,
 * abort or block. Its return value is its own affair. The names come from the library's own symbol table, so that a new
 * one is called without being listed here. (The reference crashes in 274 of 348.)
 * ctest: only=ours
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libwebsockets.h>

#define SECONDS 10

typedef long (*any)(long, long, long, long, long, long, long, long, long, long, double, double);

static int calls, bad;

static const char *ended(int status)
{
	static char text[64];

	if (WIFEXITED(status))
		return NULL;
	snprintf(text, sizeof(text), "%s", WTERMSIG(status) == SIGALRM ? "blocks" : strsignal(WTERMSIG(status)));
	return text;
}

static void call(const char *name, void *address)
{
	const char *how;
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0) {
		perror("fork");
		bad++;
		return;
	}
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (!freopen("/dev/null", "w", stderr) || !freopen("/dev/null", "w", stdout))
			_exit(1);
		alarm(SECONDS);
		((any)address)(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.0, 0.0);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid) {
		perror("waitpid");
		bad++;
		return;
	}
	calls++;
	how = ended(status);
	if (how) {
		printf("%s: %s\n", name, how);
		bad++;
	}
}

/* The number of symbols, from the table that finds them by name. */
static size_t symbols(const uint32_t *gnu_hash)
{
	uint32_t buckets = gnu_hash[0], first = gnu_hash[1], bloom = gnu_hash[2], last = 0, n;
	const uint32_t *bucket = gnu_hash + 4 + bloom * (sizeof(ElfW(Addr)) / 4), *chain = bucket + buckets;

	for (n = 0; n < buckets; n++)
		if (bucket[n] > last)
			last = bucket[n];
	while (last >= first && !(chain[last - first] & 1))
		last++;
	return last + 1;
}

static int in_library(struct dl_phdr_info *object, size_t size, void *data)
{
	const uint32_t *gnu_hash = NULL;
	const ElfW(Sym) *table = NULL;
	const char *names = NULL;
	const ElfW(Dyn) *entry;
	size_t n, count;
	int ph;

	(void)size;
	(void)data;
	if (!strstr(object->dlpi_name, "libwebsockets.so"))
		return 0;
	for (ph = 0; ph < object->dlpi_phnum; ph++)
		if (object->dlpi_phdr[ph].p_type == PT_DYNAMIC)
			break;
	if (ph == object->dlpi_phnum)
		return 1;
	for (entry = (void *)(object->dlpi_addr + object->dlpi_phdr[ph].p_vaddr); entry->d_tag != DT_NULL; entry++)
		switch (entry->d_tag) {
		case DT_SYMTAB:
			table = (void *)entry->d_un.d_ptr;
			break;
		case DT_STRTAB:
			names = (void *)entry->d_un.d_ptr;
			break;
		case DT_GNU_HASH:
			gnu_hash = (void *)entry->d_un.d_ptr;
			break;
		}
	if (!table || !names || !gnu_hash)
		return 1;
	count = symbols(gnu_hash);
	for (n = 0; n < count; n++)
		if (table[n].st_shndx != SHN_UNDEF && ELF64_ST_TYPE(table[n].st_info) == STT_FUNC)
			call(names + table[n].st_name, (void *)(object->dlpi_addr + table[n].st_value));
	return 1;
}

int main(void)
{
	/* the library is needed by something */
	lws_set_log_level(0, NULL);
	dl_iterate_phdr(in_library, NULL);
	if (calls < 340)
		printf("only %d functions were found\n", calls);
	else
		printf("all were called\n");
	return bad || calls < 340;
}
