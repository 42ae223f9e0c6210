/*
 * The frame of the differential fuzzers: loads the reference and ours side by side and runs a case on both.
 *
 *   NAME REFERENCE.so OURS.so SECONDS [SEED]
 *
 * A fuzzer defines `const char *const symbols[]` (ended by NULL), calls them through `f[side].sym[i]`, and defines
 * `run_case(rng, out)`: make the same input from `rng` for each side, call, and describe the result with note(). The
 * frame runs it once per side with the same numbers and compares the notes. Cases run in a child, so that a crash of
 * one side is a finding with a case number and not the end.
 */
#ifndef DIFF_H
#define DIFF_H
#include <dlfcn.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NOTES 65536
#ifndef BATCH
#define BATCH 20000 /* cases of one child, which has half a minute */
#endif
struct notes {
	size_t len;
	int skip;
	char text[NOTES];
};

struct side {
	void *sym[32];
};

struct shared {
	uint64_t done, differences, crashes[2], now, skipped;
	int side;
};

extern const char *const symbols[];
static void run_case(const struct side *s, uint64_t *rng, struct notes *n);

static struct shared *shared;
static struct side f[2];
static struct notes notes[2];

static inline uint64_t rnd(uint64_t *s)
{
	uint64_t z = *s += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

static inline uint32_t below(uint64_t *s, uint32_t n)
{
	return n ? (uint32_t)(rnd(s) >> 33) % n : 0;
}

/* A case may set `skip` where the reference is known to go wrong: it is not compared then. */
static void note(struct notes *n, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void note(struct notes *n, const char *fmt, ...)
{
	va_list ap;
	int got;

	if (n->len + 1 >= NOTES)
		return;
	va_start(ap, fmt);
	got = vsnprintf(n->text + n->len, NOTES - n->len, fmt, ap);
	va_end(ap);
	n->len += (size_t)got < NOTES - n->len ? (size_t)got : NOTES - n->len - 1;
}

static inline void note_bytes(struct notes *n, const void *p, size_t len)
{
	const unsigned char *b = p;

	note(n, "\"");
	for (size_t i = 0; i < len && n->len + 8 < NOTES; i++)
		if (b[i] >= 32 && b[i] < 127 && b[i] != '\\' && b[i] != '"')
			n->text[n->len++] = (char)b[i];
		else
			note(n, "\\x%02x", b[i]);
	n->text[n->len] = '\0';
	note(n, "\"");
}

/* Mostly bytes of `alphabet`, sometimes any. */
static inline size_t random_text(uint64_t *s, const char *alphabet, size_t alen, unsigned char *to, size_t max)
{
	size_t len = below(s, 8) ? below(s, (uint32_t)(max < 24 ? max : 24) + 1) : below(s, (uint32_t)max + 1);

	for (size_t i = 0; i < len; i++)
		to[i] = below(s, 16) ? (unsigned char)alphabet[below(s, (uint32_t)alen)] : (unsigned char)rnd(s);
	return len;
}

static inline void load(struct side *s, const char *path)
{
	void *h = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	if (!h) {
		fprintf(stderr, "%s\n", dlerror());
		exit(2);
	}
	for (int i = 0; symbols[i]; i++)
		if (!(s->sym[i] = dlsym(h, symbols[i]))) {
			fprintf(stderr, "%s: no %s\n", path, symbols[i]);
			exit(2);
		}
}

static inline void cases(uint64_t seed, uint64_t from, uint64_t count, int show)
{
	for (uint64_t i = from; i < from + count; i++) {
		shared->now = i;
		for (int side = 0; side < 2; side++) {
			uint64_t rng = seed ^ (i * 0xd1342543de82ef95ull);

			shared->side = side;
			notes[side].len = 0;
			notes[side].skip = 0;
			notes[side].text[0] = '\0';
			run_case(&f[side], &rng, &notes[side]);
		}
		shared->done++;
		if (notes[0].skip || notes[1].skip)
			shared->skipped++;
		else if (notes[0].len != notes[1].len || memcmp(notes[0].text, notes[1].text, notes[0].len)) {
			shared->differences++;
			if (show && shared->differences <= 5)
				printf("case %llu\n  reference: %s\n  ours:      %s\n", (unsigned long long)i, notes[0].text, notes[1].text);
		}
	}
	fflush(stdout);
}

int main(int argc, char **argv)
{
	uint64_t seed, next = 0;
	time_t end;

	if (argc < 4)
		return 2;
	load(&f[0], argv[1]);
	load(&f[1], argv[2]);
	end = time(NULL) + atoi(argv[3]);
	seed = argc > 4 ? strtoull(argv[4], NULL, 0) : (uint64_t)time(NULL);
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	while (time(NULL) < end && shared->differences < 1000 && shared->crashes[1] < 5) {
		pid_t pid;
		int status;

		fflush(stdout);
		pid = fork();
		if (!pid) {
			if (!freopen("/dev/null", "w", stderr))
				_exit(3);
			alarm(30);
			cases(seed, next, BATCH, 1);
			_exit(0);
		}
		waitpid(pid, &status, 0);
		if (WIFSIGNALED(status)) {
			if (shared->crashes[shared->side]++ < 3)
				printf("case %llu: signal %d in %s\n", (unsigned long long)shared->now, WTERMSIG(status),
				       shared->side ? "OURS" : "the reference");
			next = shared->now + 1;
		} else
			next += BATCH;
	}
	printf("seed %llu: %llu cases, %llu differences, %llu skipped, crashes: reference %llu, ours %llu\n", (unsigned long long)seed,
	       (unsigned long long)shared->done, (unsigned long long)shared->differences, (unsigned long long)shared->skipped,
	       (unsigned long long)shared->crashes[0], (unsigned long long)shared->crashes[1]);
	return shared->differences || shared->crashes[1];
}
#endif
