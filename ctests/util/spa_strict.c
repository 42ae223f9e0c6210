/*
 * ctest: only=ours
 * lws_spa where the reference reads or writes beside its memory, or loses a form that is correct (docs/quirks-forms.md).
 */
#include "spa.h"

static int bad;

/* What the value of "a" is, for every split in two and byte by byte. */
static void expect(struct lws *wsi, const char *body, int storage, const char *wanted)
{
	size_t len = strlen(body);

	for (size_t cut = 0; cut <= len + 1; cut++) {
		struct lws_spa *spa = lws_spa_create(wsi, fields, LWS_ARRAY_SIZE(fields), storage, NULL, NULL);
		const char *got;
		int r = 0;

		if (cut <= len) {
			r = lws_spa_process(spa, body, (int)cut);
			if (!r)
				r = lws_spa_process(spa, body + cut, (int)(len - cut));
		} else
			for (size_t i = 0; i < len && !r; i++)
				r = lws_spa_process(spa, body + i, 1);
		if (!r)
			r = lws_spa_finalize(spa);
		got = r ? "failed" : lws_spa_get_string(spa, 0);
		if ((!got) != (!wanted) || (got && strcmp(got, wanted))) {
			printf("%s cut at %zu: %s, not %s\n", body, cut, got ? got : "NULL", wanted ? wanted : "NULL");
			bad = 1;
		}
		if (lws_spa_get_string(spa, -1) || lws_spa_get_length(spa, -1) || lws_spa_get_string(spa, 3))
			bad = 1;
		lws_spa_destroy(spa);
	}
}

static int closes;

static int from_inside(void *data, const char *name, const char *filename, char *buf, int len, enum lws_spa_fileupload_states state)
{
	struct lws_spa **spa = data;

	if (!name || !filename || (len && !buf) || (buf && buf[len]))
		bad = 1;
	if (state == LWS_UFS_CLOSE)
		closes++;
	else if (state == LWS_UFS_CONTENT && *spa) {
		lws_spa_destroy(*spa);
		*spa = NULL;
	}
	return 0;
}

/* Destroyed by its own callback: the call fails, memory goes once. */
static void destroyed_inside(struct lws *wsi)
{
	static const char body[] = FIELD("name=x; filename=f") "0123456789" LAST;
	struct lws_spa *spa = lws_spa_create(wsi, fields, 3, 6, NULL, NULL), *copy;

	lws_spa_destroy(spa);
	copy = spa = lws_spa_create(wsi, fields, 3, 6, from_inside, &spa);
	if (lws_spa_process(copy, body, (int)sizeof body - 1) != -1 || spa || closes != 1)
		bad = 1;
}

int main(void)
{
	static const char *const boundaries[] = { "B B", "B;B", "B'()+_,-./:=?" };
	struct lws *plain, *parts;
	char text[300];

	begin();
	plain = posted("application/x-www-form-urlencoded");
	parts = posted(TYPE);
	expect(NULL, "a=1", 100, "1");
	expect(plain, "text&a=1", 100, "1");
	expect(plain, "&a=1", 100, "1");
	expect(plain, "a&text=1", 100, NULL);
	for (int storage = -1; storage < 12; storage++)
		expect(plain, "a=0123456789", storage, "failed");
	expect(plain, "a=0123456789", 12, "0123456789");
	expect(plain, "a=0123456789&zz=1&text=x", 13, "failed");
	expect(plain, "a=0123456789&zz=1&text=x", 14, "0123456789");
	expect(parts, "\r\r\n" FIELD("name=a") "1" LAST, 100, "1");
	expect(parts, "--BB\r\nX-Y: name=text\r\ncontent-disposition:Form-Data ; NAME = \"a\"\r\nX-Z: 1\r\n\r\n1" LAST, 100, "1");
	expect(parts, FIELD("x=\"name=text; name=upload\"; name=a") "1" LAST, 100, "1");
	for (size_t i = 0; i < LWS_ARRAY_SIZE(boundaries); i++) {
		snprintf(text, sizeof text, "Multipart/Form-Data; Boundary=\"%s\"; x", boundaries[i]);
		parts = posted(text);
		snprintf(text, sizeof text, "--%s\r\nContent-Disposition: x; name=a\r\n\r\n1\r\n--%.1s\r\n--%s--", boundaries[i],
			 boundaries[i], boundaries[i]);
		expect(parts, text, 100, "1\r\n--B");
	}
	destroyed_inside(posted(TYPE));
	lws_context_destroy(context);
	return bad;
}
