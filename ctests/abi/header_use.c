/* Uses what the header itself does: macros, inline functions, initialisers. Compiles as C and C++ with either header,
 * needs no library (the few functions that macros call are below) and says what went wrong. */
#include <libwebsockets.h>
#include <stdio.h>

static int failed;

#define CHECK(what) \
	do { \
		if (!(what)) { \
			printf("%s:%d: not true: %s\n", __FILE__, __LINE__, #what); \
			failed = 1; \
		} \
	} while (0)

/* Stand-ins for the library. */

static int logged_level, hexdumped_level, timeout_secs;
static enum pending_timeout timeout_reason;
static uint32_t ring_head = 10, ring_oldest;

void _lws_log(int filter, const char *format, ...)
{
	(void)format;
	logged_level |= filter;
}

void lwsl_hexdump_level(int level, const void *buf, size_t len)
{
	(void)buf;
	(void)len;
	hexdumped_level |= level;
}

void lws_set_timeout(struct lws *wsi, enum pending_timeout reason, int secs)
{
	(void)wsi;
	timeout_reason = reason;
	timeout_secs = secs;
}

size_t lws_ring_consume(struct lws_ring *ring, uint32_t *tail, void *dest, size_t max_count)
{
	(void)ring;
	(void)dest;
	*tail += (uint32_t)max_count;

	return max_count;
}

uint32_t lws_ring_get_oldest_tail(struct lws_ring *ring)
{
	(void)ring;

	return ring_oldest;
}

void lws_ring_update_oldest_tail(struct lws_ring *ring, uint32_t tail)
{
	(void)ring;
	ring_oldest = tail;
}

size_t lws_ring_get_count_waiting_elements(struct lws_ring *ring, uint32_t *tail)
{
	(void)ring;

	return ring_head - *tail;
}

/* Lists. */

struct item {
	struct item *next;
	int value;
	uint32_t tail;
	struct lws_dll2 link;
};

static void check_plain_lists(void)
{
	struct item a = { NULL, 1, 0, { NULL, NULL, NULL } }, b = a, c = a, *list = NULL;
	int sum = 0;

	b.value = 2;
	c.value = 4;
	lws_ll_fwd_insert((&a), next, list);
	lws_ll_fwd_insert((&b), next, list);
	lws_ll_fwd_insert((&c), next, list);
	lws_start_foreach_ll(struct item *, it, list) {
		sum = sum * 10 + it->value;
	} lws_end_foreach_ll(it, next);
	CHECK(sum == 421);

	lws_ll_fwd_remove(struct item, next, (&b), list);
	lws_ll_fwd_remove(struct item, next, (&b), list);
	sum = 0;
	lws_start_foreach_ll_safe(struct item *, it, list, next) {
		sum = sum * 10 + it->value;
		it->next = NULL;
	} lws_end_foreach_ll_safe(it);
	CHECK(sum == 41);

	c.next = &a;
	sum = 0;
	lws_start_foreach_llp(struct item **, pit, list) {
		if ((*pit)->value == 4) {
			*pit = (*pit)->next;
			continue;
		}
		sum = sum * 10 + (*pit)->value;
	} lws_end_foreach_llp(pit, next);
	CHECK(sum == 1 && list == &a);
	lws_start_foreach_llp_safe(struct item **, pit, list, next) {
		sum += (*pit)->value;
	} lws_end_foreach_llp_safe(pit);
	CHECK(sum == 2);
}

static void check_dll2(void)
{
	struct item a, b;
	struct lws_dll2_owner owner;
	int sum = 0;

	memset(&a, 0, sizeof(a));
	memset(&owner, 0, sizeof(owner));
	CHECK(lws_dll2_is_detached(&a.link) && !lws_dll2_get_head(&owner) && !lws_dll2_get_tail(&owner));
	b = a;
	a.value = 1;
	b.value = 2;
	owner.head = a.link.next = NULL;
	owner.head = &a.link;
	owner.tail = &b.link;
	a.link.next = &b.link;
	b.link.prev = &a.link;
	a.link.owner = b.link.owner = &owner;
	CHECK(!lws_dll2_is_detached(&a.link) && lws_dll2_owner(&b.link) == &owner);
	CHECK(lws_dll2_get_head(&owner) == &a.link && lws_dll2_get_tail(&owner) == &b.link);
	lws_start_foreach_dll(struct lws_dll2 *, d, lws_dll2_get_head(&owner)) {
		sum = sum * 10 + lws_container_of(d, struct item, link)->value;
	} lws_end_foreach_dll(d);
	lws_start_foreach_dll_safe(struct lws_dll2 *, d, d1, owner.head) {
		sum = sum * 10 + lws_container_of(d, struct item, link)->value;
		d->next = NULL;
	} lws_end_foreach_dll_safe(d, d1);
	CHECK(sum == 1212);
}

static void check_ring(void)
{
	struct item slow, fast, *readers = &slow;
	uint32_t single = 0;

	memset(&slow, 0, sizeof(slow));
	fast = slow;
	slow.next = &fast;
	fast.tail = 5;
	ring_oldest = 0;
	lws_ring_consume_and_update_oldest_tail(NULL, struct item, &fast.tail, 1, readers, tail, next);
	CHECK(fast.tail == 6 && ring_oldest == 0);
	lws_ring_consume_and_update_oldest_tail(NULL, struct item, &slow.tail, 7, readers, tail, next);
	CHECK(slow.tail == 7 && ring_oldest == 6);
	lws_ring_consume_single_tail(NULL, &single, 3);
	CHECK(single == 3 && ring_oldest == 3);
}

/* Files. */

static lws_fop_fd_t fake_open(const struct lws_plat_file_ops *fops, const char *name, const char *vpath,
			      lws_fop_flags_t *flags)
{
	(void)fops;
	(void)name;
	(void)vpath;
	(void)flags;

	return NULL;
}

static int fake_close(lws_fop_fd_t *fop_fd)
{
	*fop_fd = NULL;

	return 7;
}

static lws_fileofs_t fake_seek(lws_fop_fd_t fop_fd, lws_fileofs_t offset)
{
	return (lws_fileofs_t)fop_fd->pos + offset;
}

static int fake_io(lws_fop_fd_t fop_fd, lws_filepos_t *amount, uint8_t *buf, lws_filepos_t len)
{
	(void)fop_fd;
	buf[0] = 'x';
	*amount = len;

	return 0;
}

static void check_files(void)
{
	struct lws_plat_file_ops fops;
	struct lws_fop_fd file;
	lws_fop_fd_t open_file = &file;
	lws_filepos_t amount = 0;
	uint8_t byte = 0;

	memset(&fops, 0, sizeof(fops));
	memset(&file, 0, sizeof(file));
	fops.LWS_FOP_OPEN = fake_open;
	fops.LWS_FOP_CLOSE = fake_close;
	fops.LWS_FOP_SEEK_CUR = fake_seek;
	fops.LWS_FOP_READ = fake_io;
	fops.LWS_FOP_WRITE = fake_io;
	CHECK(lws_vfs_file_close(&open_file) == 0 && open_file == &file);
	file.fops = &fops;
	file.pos = 40;
	CHECK(lws_vfs_file_seek_cur(open_file, 2) == 42);
	CHECK(lws_vfs_file_read(open_file, &amount, &byte, 1) == 0 && amount == 1 && byte == 'x');
	CHECK(lws_vfs_file_write(open_file, &amount, &byte, 3) == 0 && amount == 3);
	CHECK(lws_vfs_file_close(&open_file) == 7 && !open_file);
	CHECK(lws_vfs_file_close(&open_file) == 0);
}

/* Small macros. */

static void check_macros(void)
{
	char text[20];
	size_t odd = 17;
	int array[3] = { 0, 0, 0 };
	struct lws *wsi = NULL;

	CHECK(LWS_PRE == 16 && LWS_SEND_BUFFER_PRE_PADDING == 16 && LWS_SEND_BUFFER_POST_PADDING == 0);
	CHECK(_LWS_PAD(0) == 0 && _LWS_PAD(1) == 16 && _LWS_PAD(16) == 16 && _LWS_PAD(17) == 32);
	LWS_ALIGN_TO(odd, 8);
	CHECK(odd == 24);
	CHECK(LWS_ARRAY_SIZE(array) == 3 && lws_ptr_diff(&text[5], &text[2]) == 3);
	CHECK(lws_concat_temp(text, 5) == &text[15] && lws_concat_used(text, 5) == 15);
	CHECK(LWS_US_TO_MS(1499) == 1 && LWS_US_TO_MS(1500) == 2);
	CHECK(lws_check_opt(LWS_SERVER_OPTION_REDIRECT_HTTP_TO_HTTPS, LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT));
	CHECK(!lws_check_opt(LWS_SERVER_OPTION_LIBUV, LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_LIBEV));
	CHECK(lws_http_client_http_resp_is_error(400) && !lws_http_client_http_resp_is_error(399));
	CHECK(lws_write_ws_flags(LWS_WRITE_TEXT, 1, 1) == LWS_WRITE_TEXT);
	CHECK(lws_write_ws_flags(LWS_WRITE_TEXT, 1, 0) == (LWS_WRITE_TEXT | LWS_WRITE_NO_FIN));
	CHECK(lws_write_ws_flags(LWS_WRITE_TEXT, 0, 0) == (LWS_WRITE_CONTINUATION | LWS_WRITE_NO_FIN));
	CHECK(lws_write_ws_flags(LWS_WRITE_TEXT, 0, 1) == LWS_WRITE_CONTINUATION);
	CHECK(lws_is_be() == 0);
	CHECK(lws_stats_get(NULL, LWSSTATS_C_CONNECTIONS) == 0);
	lws_stats_log_dump(NULL);

	lwsl_err("%d\n", 1);
	lwsl_thread("no argument\n");
	CHECK(logged_level == (LLL_ERR | LLL_THREAD));
	lwsl_hexdump_notice(text, 0);
	CHECK(hexdumped_level == LLL_NOTICE);
#if !defined(__cplusplus) || defined(LWS_PROTOCOL_LIST_TERM)
	/* the reference's macro passes a plain number, which C++ refuses */
	lws_wsi_close(wsi, LWS_TO_KILL_ASYNC);
	CHECK(timeout_reason == 1 && timeout_secs == LWS_TO_KILL_ASYNC);
#else
	(void)wsi;
#endif
}

/* Initialisers, as programs write them. */

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	(void)wsi;
	(void)reason;
	(void)user;
	(void)in;
	(void)len;

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "http", callback, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 },
};

static const struct lws_protocol_vhost_options pvo = { NULL, NULL, "name", "value" };
static const struct lws_extension extensions[] = { { "permessage-deflate", NULL, "permessage-deflate" }, { NULL, NULL, NULL } };
static const uint32_t backoff_ms[] = { 1000, 2000 };
static const lws_retry_bo_t retry = { backoff_ms, LWS_ARRAY_SIZE(backoff_ms), 2, 10, 20, 30 };
static const struct lws_http_mount mount = {
	NULL, "/", "./mount-origin", "index.html", NULL, NULL, NULL, NULL, 0, 0, 0, 1, 0, 1, LWSMPRO_FILE, 1, NULL, { NULL, NULL },
};
static lws_struct_map_t map[] = {
	LSM_SIGNED(struct item, value, "value"),
	LSM_UNSIGNED(struct item, tail, "tail"),
};

static void check_initialisers(void)
{
	struct lws_context_creation_info info;
	lws_sorted_usec_list_t sul;

	memset(&info, 0, sizeof(info));
	memset(&sul, 0, sizeof(sul));
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = protocols;
	info.pvo = &pvo;
	info.extensions = extensions;
	info.retry_and_idle_policy = &retry;
	info.mounts = &mount;
	info.options = LWS_SERVER_OPTION_HTTP_HEADERS_SECURITY_BEST_PRACTICES_ENFORCE;
	CHECK(info.port == -1 && info.protocols[0].callback == callback && info.mounts->cache_intermediaries == 1);
	CHECK(!info._unused[0] && map[0].aux == sizeof(int) && map[1].ofs == offsetof(struct item, tail));
#if defined(LWS_PROTOCOL_LIST_TERM)
	const struct lws_protocols terminated[] = { LWS_PROTOCOL_LIST_TERM };

	CHECK(!terminated[0].callback && lws_ptr_diff_size_t(&map[1], &map[0]) == sizeof(map[0]));
#endif
}

int main(void)
{
	check_plain_lists();
	check_dll2();
	check_ring();
	check_files();
	check_macros();
	check_initialisers();
	if (!failed)
		puts("header: ok");

	return failed;
}
