/* lws_parse_uri: which pieces are found, where they lie in the buffer and which bytes were overwritten. */
#include <libwebsockets.h>
#include "show.h"

static void piece(const char *p, const char *buf, size_t n, const char *unset)
{
	if (p == unset) {
		printf("unset ");
		return;
	}
	show_str(p);
	if (p >= buf && p <= buf + n)
		printf("@%ld ", (long)(p - buf));
	else
		printf("@constant ");
}

static void split(const char *uri)
{
	char b[100];
	const char *unset = "unset", *prot = unset, *ads = unset, *path = unset;
	int port = -77, r;
	size_t n = strlen(uri);

	memset(b, '~', sizeof b);
	memcpy(b, uri, n + 1);
	r = lws_parse_uri(b, &prot, &ads, &port, &path);
	printf("%-34s %d ", uri, r);
	piece(prot, b, n, unset);
	piece(ads, b, n, unset);
	printf("%d ", port);
	piece(path, b, n, unset);
	show_bytes(b, n + 2);
	putchar('\n');
}

static void short_ones(void)
{
	static const char alpha[] = "a:/[]+";
	uint64_t h = MIX_START;
	size_t n = sizeof alpha - 1, total = 1;

	for (int len = 0; len < 8; len++, total *= n)
		for (size_t v = 0; v < total; v++) {
			char b[16];
			const char *prot, *ads, *path;
			int port = -5;
			size_t x = v;
			long at;

			for (int i = 0; i < len; i++, x /= n)
				b[i] = alpha[x % n];
			b[len] = '\0';
			if (lws_parse_uri(b, &prot, &ads, &port, &path))
				h++;
			at = prot - b;
			h = mix(h, &at, sizeof at);
			at = ads - b;
			h = mix(h, &at, sizeof at);
			at = path >= b && path <= b + len ? path - b : -1;
			h = mix(h, &at, sizeof at);
			h = mix(h, &port, sizeof port);
			h = mix(h, b, (size_t)len + 1);
		}
	printf("all short ones %016llx\n", (unsigned long long)h);
}

int main(void)
{
	static const char *const uris[] = {
		"", "a", "http", "http:", "http:/", "http://", "http://a", "http://a/", "http://a/b", "http://a:80/b",
		"http://a:80", "http://a:80/", "http://a:/b", "http://a:", "https://a/b", "https://a", "ws://a/b", "wss://a/b",
		"wss://a:1234/b?x=y#z", "ftp://a/b", "a/b", "a:5/b", "a:5", "/b", "//b", "://a/b", "x://a/b", "http://[::1]:80/b",
		"http://[::1]/b", "http://[::1]", "http://[::1", "http://[]/b", "http://[::1]x/b", "http://[::1]:/b",
		"http://+/var/run/s:/my/path", "http://+/var/run/s:", "http://+/var/run/s", "http://+@abs:/p", "http://+:/p",
		"http://+", "+/a:/p", "http://a:b/c", "http://a:12x/c", "http://a:99999/c", "http://a:-1/c",
		"http://a:4294967297/c", "http://a:99999999999999999999/c", "http://a:-99999999999999999999/c", "http://a: 5/c",
		"http://a:\t\n\v\f\r7/c", "http://a:+5/b", "http://a:-+5/b", "http://u:p@h:5/c", "http://u@h/c", "http://a?x=1",
		"http://a#f", "http://a:80?x", "HTTP://a/b", "HTTPS://a/b", "WSS://a/b", "http:///b", "http://:80/b", "http://a//b",
		"http://a:5:6/b", "httpx://a", "https:/a/b", "h:/a", "h://", "http://a/b:c", "a/b:c", "mqtt://a/b", "mqtts://a",
		"wss:a", "wss:/a", ":", "/", "//", "///", ":/", "::", "://", "[::1]:5/x", "raw://h:5", "http://a:0/b",
		"a://b://c", "[", "]", "[]", "x[", "http://a[b]:5/c", "http://[a/b]:5/c", "http://[fe80::1%25eth0]:8/x",
	};

	for (size_t i = 0; i < sizeof uris / sizeof *uris; i++)
		split(uris[i]);
	short_ones();
	return 0;
}
