/* lws_strexp: names replaced in texts cut anywhere, into output areas of several sizes. */
#include <libwebsockets.h>
#include <stdlib.h>
#include "show.h"

static int replace(void *priv, const char *name, char *out, size_t *pos, size_t olen, size_t *exp_ofs)
{
	char value[64];
	size_t left, room = olen - *pos;

	printf("{%s priv %d pos %zu of %zu from %zu}", name, *(int *)priv, *pos, olen, *exp_ofs);
	if (!strcmp(name, "bad"))
		return LSTRX_FATAL_NAME_UNKNOWN;
	if (!strncmp(name, "own", 3))
		return atoi(name + 3);
	if (!strcmp(name, "big"))
		strcpy(value, "0123456789abcdefghij");
	else if (!strcmp(name, "empty"))
		value[0] = '\0';
	else
		snprintf(value, sizeof value, "<%s>", name);
	left = strlen(value) - *exp_ofs;
	if (room > left)
		room = left;
	if (out)
		memcpy(out + *pos, value + *exp_ofs, room);
	*exp_ofs += room;
	*pos += room;
	return room == left ? LSTRX_DONE : LSTRX_FILLED_OUT;
}

static void expand(const char *text, size_t olen, size_t piece, int count_only)
{
	lws_strexp_t e;
	int priv = 5, r = 0;
	char out[100];
	size_t left = strlen(text);

	lws_strexp_init(&e, &priv, replace, count_only ? NULL : out, olen);
	show_str(text);
	printf(" olen %zu piece %zu:", olen, piece);
	for (int round = 0; round < 60; round++) {
		size_t n = left < piece ? left : piece, in = 99, used = 99;

		memset(out, '#', sizeof out);
		r = lws_strexp_expand(&e, text, n, &in, &used);
		printf(" %d in %zu out %zu ", r, in, used);
		if (!count_only && used < sizeof out)
			show_bytes(out, used + (r == LSTRX_DONE && used < olen));
		if (r < 0)
			break;
		text += in;
		left -= in;
		if (!left && r == LSTRX_DONE)
			break;
		lws_strexp_reset_out(&e, count_only ? NULL : out, olen);
	}
	putchar('\n');
}

int main(void)
{
	static const char *const texts[] = { "", "abc", "${a}", "x${a}y", "$", "$a", "$$", "${", "${}", "${a", "$${a}", "${bad}",
		"${own-7}x", "${own-1}x", "${own2}x", "${own-3}x", "${big}", "x${big}y${a}", "${empty}z", "${abcdefghijklmnopqrstuvwxyz01234}",
		"${abcdefghijklmnopqrstuvwxyz012345}", "${a${b}}", "a}b", "${a b}", "$x${a}", "$$x", "a$", "${a}$" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		expand(texts[i], 60, 100, 0);
		expand(texts[i], 60, 1, 0);
		expand(texts[i], 60, 3, 0);
		expand(texts[i], 60, 100, 1);
	}
	expand("${big}", 7, 100, 0);
	expand("ab${big}", 7, 100, 0);
	expand("ab${big}cdefghij", 8, 3, 0);
	expand("abcdefgh", 3, 100, 0);
	expand("abcdefghi", 3, 2, 0);
	expand("x${big}y", 8, 100, 1);
	return 0;
}
