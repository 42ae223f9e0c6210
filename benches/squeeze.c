#include "conn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

size_t squeeze_bound(size_t len)
{
	return len + len / 100 + 64;
}

size_t squeeze(uint8_t *to, size_t room, const uint8_t *from, size_t len)
{
	z_stream z;

	memset(&z, 0, sizeof(z));
	if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		die("deflate", NULL);
	z.next_in = (Bytef *)from;
	z.avail_in = (uInt)len;
	z.next_out = to;
	z.avail_out = (uInt)room;
	if (deflate(&z, Z_SYNC_FLUSH) != Z_OK || z.avail_in || z.avail_out < 1)
		die("deflate", NULL);
	deflateEnd(&z);
	return room - z.avail_out - 4;
}

static void inflate_part(struct conn *c, const uint8_t *p, size_t len, void (*out)(struct conn *, const uint8_t *, size_t))
{
	static uint8_t plain[65536];
	z_stream *z = c->inflater;

	z->next_in = (Bytef *)p;
	z->avail_in = (uInt)len;
	do {
		int result;

		z->next_out = plain;
		z->avail_out = sizeof(plain);
		result = inflate(z, Z_SYNC_FLUSH);
		errno = 0;
		if (result != Z_OK && result != Z_BUF_ERROR)
			die("not deflate", c);
		out(c, plain, sizeof(plain) - z->avail_out);
	} while (z->avail_in || !z->avail_out);
}

void unsqueeze(struct conn *c, const uint8_t *p, size_t len, int last, void (*out)(struct conn *, const uint8_t *, size_t))
{
	static const uint8_t end[] = { 0, 0, 0xff, 0xff };

	if (!c->inflater) {
		c->inflater = calloc(1, sizeof(*c->inflater));
		if (!c->inflater || inflateInit2(c->inflater, -15) != Z_OK)
			die("inflate", c);
	}
	inflate_part(c, p, len, out);
	if (last)
		inflate_part(c, end, sizeof(end), out);
}

void unsqueeze_close(struct conn *c)
{
	inflateEnd(c->inflater);
	free(c->inflater);
	c->inflater = NULL;
}
