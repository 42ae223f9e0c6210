/* lws_spa: forms urlencoded and multipart, in whole and cut: what both libraries do alike. */
#include "spa.h"

static void urlencoded(struct lws *wsi)
{
	static const char *const texts[] = { "a=1&text=hello", "a=1&text=two+words%21&upload=%c3%A9", "a=1&zz=2&text=3", "a=&text=x",
		"a=x&", "", "a", "a=", "a=x=y&text=z", "%61=x&t%65xt=y", "a=1;text=y", "a=1\r\n&text=y", "A=1&TEXT=2", "a=1&a=2&a=3",
		"a=1&a=2&text=q&a=3", "a=%00x&text=y", "=x&text=y", "a=1&text=%4", "a=1&text=%", "text=ok&a=%zz&upload=1",
		"text=ok&a=%4g", "a=1&nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn=2&text=3", "a=1&nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn=2&text=3",
		"a=1&\ntext=2" };

	for (size_t i = 0; i < LWS_ARRAY_SIZE(texts); i++)
		all_pieces(wsi, texts[i], i & 1 ? NULL : upload);
}

static void multipart(struct lws *wsi)
{
	static const char *const texts[] = { FIELD("name=\"a\"") "hello\r\n" FIELD("name=\"text\"") "wo\r\nrld" LAST,
		FIELD("name=\"a\"") "hello\r\n" FIELD("name=\"upload\"; filename=\"f.txt\"\r\nContent-Type: text/plain")
			"content here\r\n" FIELD("name=\"text\"") "x" LAST,
		FIELD("name=\"upload\"; filename=\"f\"") "abc\r\n" FIELD("name=\"upload\"; filename=\"g\"") "def" LAST,
		FIELD("name=\"zz\"; filename=\"f\"") "abc\r\n" FIELD("name=\"zz\"") "x" LAST,
		FIELD("name=\"upload\"; filename=\"\"") "\r\n" FIELD("name=\"a\"") "1" LAST,
		FIELD("name=\"upload\"; filename=\"\"") "abc" LAST, FIELD("name=\"upload\"; filename=\"e\"") LAST,
		FIELD("filename=\"n\"; name=\"upload\"") "1" LAST, FIELD("filename=n; name=upload") "1" LAST, FIELD("filename=x") "1" LAST,
		FIELD("name=a; name=text; filename=\"\"") "1" LAST, FIELD("name=\"upload\"; filename=\"C:\\dir\\f\"") "1" LAST,
		FIELD("name=\"a\"; filename*=UTF-8''x") "1" LAST, FIELD("name=\"a\"") "%41+b&text=c" LAST,
		FIELD("name=\"a\"") "1\r\n" FIELD("name=\"a\"") "2" LAST,
		FIELD("name=\"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\"; filename=\"x\"") "1" LAST,
		FIELD("name=\"upload\"; filename=\"f\"") "a\r\n--BC\r\n--B\r\n--\r\n-\r\r\n\r\n\n--BB\n-x" LAST,
		FIELD("name=\"upload\"; filename=\"f\"") "--BB" LAST, "pre\r\n" FIELD("name=\"a\"") "1\r\n--BB--\r\nafter\r\n" FIELD("name=\"text\"") "2" LAST,
		"\r\n" FIELD("name=\"a\"") "1" LAST, FIELD("name=\"a\"") "1\r\n--BBxyz\r\nContent-Disposition: x; name=\"text\"\r\n\r\n2" LAST,
		FIELD("name=\"a\"") "1\r\n--BB", FIELD("name=\"a\"") "1\r\n--B", FIELD("name=\"a\"") "1\r\n",
		FIELD("name=\"upload\"; filename=\"f\"") "abc", FIELD("name=\"upload\"; filename=\"f\"") "abc\r\n--B",
		FIELD("name=\"upload\"; filename=\"f\"") "abc\r\n--BB", "--BB\r\n\r\n1\r\n" FIELD("name=\"a\"") "2" LAST,
		"--BB\r\nContent-Type: text/plain\r\nCONTENT-DISPOSITION: attachment; name=\"a\"\r\n\r\n1" LAST, "a=1&text=2", "", "--BB--\r\n" };

	for (size_t i = 0; i < LWS_ARRAY_SIZE(texts); i++)
		all_pieces(wsi, texts[i], i % 5 == 4 ? NULL : upload);
}

static void types(void)
{
	static const char *const list[] = { NULL, "application/json", "application/x-www-form-urlencoded; charset=utf-8", TYPE,
		"multipart/form-data; boundary=\"BB\"; charset=utf-8", "multipart/form-data;boundary=BB", "multipart/form-data; charset=utf-8; boundary=BB ",
		"multipart/form-data", "multipart/form-data; boundary=\"BB", "multipart/mixed; boundary=BB" };

	for (size_t i = 0; i < LWS_ARRAY_SIZE(list); i++) {
		struct lws *wsi = posted(list[i]);

		printf("type %s\n", list[i] ? list[i] : "none");
		all_pieces(wsi, "a=1", NULL);
		if (i > 2 && i < 9)
			all_pieces(wsi, FIELD("name=\"a\"") "1" LAST, NULL);
	}
}

/* Storage for some values; for files. */
static void storage(struct lws *plain, struct lws *parts)
{
	char body[400];

	for (int n = 20; n < 40; n++) {
		snprintf(body, sizeof body, "a=%.*s&zz=%.*s&text=x", n, "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq", n, "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq");
		form(plain, body, strlen(body), 0, 60, NULL);
		snprintf(body, sizeof body, FIELD("name=upload; filename=f") "%.*s" LAST, n, "0123456789012345678901234567890123456789");
		form(parts, body, strlen(body), 3, 60, upload);
	}
	snprintf(body, sizeof body, FIELD("name=upload; filename=f") "%0180d" LAST, 7);
	form(parts, body, strlen(body), 0, 61, upload);
	form(parts, body, strlen(body), 7, 61, upload);
	for (fail_at = 0; fail_at < 5; fail_at++)
		form(parts, body, strlen(body), 0, 61, upload);
	fail_at = -1;
}

static void life(struct lws *wsi)
{
	struct { int x; const char *name; double y; } records[] = { { 1, "a", 0 }, { 2, "text", 0 }, { 3, "upload", 0 } };
	lws_spa_create_info_t info = { .param_names = &records[0].name, .param_names_stride = sizeof *records, .count_params = 3, .max_storage = 100 };
	struct lwsac *ac = NULL;

	current = lws_spa_create(wsi, fields, 3, 100, upload, "life");
	printf("process %d", lws_spa_process(current, "a=1&text=x", 10));
	show_values(current, 4);
	printf(" finalize %d %d", lws_spa_finalize(current), lws_spa_finalize(current));
	show_values(current, 4);
	printf(" destroy %d\n", lws_spa_destroy(current));
	current = lws_spa_create(wsi, fields, 3, 100, upload, "not finalized");
	printf("process %d", lws_spa_process(current, "a=1&text=x", 10));
	printf(" destroy %d\n", lws_spa_destroy(current));
	current = lws_spa_create(wsi, fields, 3, 100, upload, "failed");
	printf("process %d", lws_spa_process(current, "a=%z", 4));
	printf(" process %d", lws_spa_process(current, "text=1&", 7));
	printf(" finalize %d", lws_spa_finalize(current));
	printf(" destroy %d\n", lws_spa_destroy(current));
	for (size_t chunk = 0; chunk <= 5000; chunk += 2500) {
		info.ac = chunk == 2500 ? NULL : &ac;
		info.ac_chunk_size = chunk;
		current = lws_spa_create_via_info(wsi, &info);
		printf("records: chain %d", !!ac);
		printf(" process %d finalize", lws_spa_process(current, "a=1&text=x&upload=qq", 20));
		printf(" %d", lws_spa_finalize(current));
		show_values(current, 4);
		printf(" destroy %d", lws_spa_destroy(current));
		printf(" chain %d\n", !!ac);
	}
	info = (lws_spa_create_info_t){ .max_storage = 100 };
	current = lws_spa_create_via_info(wsi, &info);
	printf("no names: process %d", lws_spa_process(current, "a=1&b=2", 7));
	printf(" finalize %d", lws_spa_finalize(current));
	show_values(current, 1);
	printf(" destroy %d\n", lws_spa_destroy(current));
}

int main(void)
{
	struct lws *plain, *parts;

	begin();
	plain = posted("application/x-www-form-urlencoded");
	parts = posted(TYPE);
	urlencoded(plain);
	multipart(parts);
	types();
	storage(plain, parts);
	life(plain);
	lws_context_destroy(context);
	return 0;
}
