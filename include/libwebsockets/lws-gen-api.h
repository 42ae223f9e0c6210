/* Written by capi/headergen from the Rust sources; do not edit. The functions of this library. */

#ifndef LWS_GEN_API_H
#define LWS_GEN_API_H

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Puts a timer on a list of the program, by its deadline, moving it when it is on one.
 *
 * - `own`: the list, of timers only.
 * - `sul`: the timer, with `us` and `cb` set; in memory of the caller, where it stays until it fired or is cancelled.
 *
 * Returns 0; -1 for null or when the timer has no callback.
 *
 * Re-entry: query; one thread at a time for each list.
 *
 * Quirks: among equal deadlines the latest inserted comes first.
 */
LWS_VISIBLE LWS_EXTERN int __lws_sul_insert(lws_dll2_owner_t *own, lws_sorted_usec_list_t *sul);

/**
 * Runs what is due on lists of the program, earliest first over all lists.
 *
 * - `own`, `own_len`: an array of timer lists and its length.
 * - `usnow`: the time that deadlines are compared with, in microseconds.
 *
 * Returns how many microseconds after `usnow` the next deadline is; 0 when nothing is scheduled.
 *
 * Re-entry: dispatches: timer callbacks may do anything, also schedule or free their timer. One thread at a time for
 * each list.
 */
LWS_VISIBLE LWS_EXTERN lws_usec_t __lws_sul_service_ripe(lws_dll2_owner_t *own, int own_len,
	lws_usec_t usnow);

/**
 * Finds the object whose name is a given one, by a member that points to the name.
 *
 * - `own`: the list.
 * - `name`, `namelen`: the name, which need not be terminated.
 * - `dll2_ofs`: offset of the node in the object.
 * - `ptr_ofs`: offset of the name pointer in the object.
 *
 * Returns the first such object, or null. Objects whose name is null are passed over.
 *
 * Re-entry: query; one thread at a time for each list.
 */
LWS_VISIBLE LWS_EXTERN void *_lws_dll2_search_sz_pl(lws_dll2_owner_t *own, const char *name,
	size_t namelen, size_t dll2_ofs, size_t ptr_ofs);

/**
 * Does what can be done without waiting, for event libraries.
 *
 * `context`: the context. `tsi`: the service thread.
 *
 * Returns as lws_service.
 *
 * Re-entry: as lws_service_tsi.
 */
LWS_VISIBLE LWS_EXTERN int _lws_plat_service_forced_tsi(struct lws_context *context, int tsi);

/**
 * Writes the headers that most responses have: status, content-type, content-length.
 *
 * `wsi`: the connection. `code`: status. `content_type`: NULL for none. `content_len`: bytes, or
 * LWS_ILLEGAL_HTTP_CONTENT_LEN where it is not known: the connection then ends with the response. `p`, `end`: as
 * for lws_add_http_header_status.
 *
 * Returns 0, or 1 when there is no room.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_add_http_common_headers(struct lws *wsi, unsigned int code,
	const char *content_type, lws_filepos_t content_len, unsigned char **p, unsigned char *end);

/**
 * Writes one header by name.
 *
 * `wsi`: the connection. `name`: the name with its colon; NULL when `value` is a whole line. `value`, `length`: the
 * value. `p`, `end`: as for lws_add_http_header_status.
 *
 * Returns 0, or 1 when there is no room, or when the value would break the line.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_add_http_header_by_name(struct lws *wsi, const unsigned char *name,
	const unsigned char *value, int length, unsigned char **p, unsigned char *end);

/**
 * Writes one header by token.
 *
 * `wsi`: the connection. `token`: WSI_TOKEN_*. `value`, `length`, `p`, `end`: as for lws_add_http_header_by_name.
 *
 * Returns 0, or 1 when there is no room or the number is no token.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_add_http_header_by_token(struct lws *wsi,
	enum lws_token_indexes token, const unsigned char *value, int length, unsigned char **p,
	unsigned char *end);

/**
 * Writes `content-length`.
 *
 * `wsi`: the connection. `content_length`: bytes. `p`, `end`: as for lws_add_http_header_status.
 *
 * Returns 0, or 1 when there is no room.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_add_http_header_content_length(struct lws *wsi,
	lws_filepos_t content_length, unsigned char **p, unsigned char *end);

/**
 * Writes the status line and what the vhost adds to every response.
 *
 * `wsi`: the connection. `code`: status, with LWSAHH_FLAG_NO_SERVER_NAME perhaps. `p`: in and out: where to write.
 * `end`: end of the room.
 *
 * Returns 0, or 1 when there is no room.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_add_http_header_status(struct lws *wsi, unsigned int code,
	unsigned char **p, unsigned char *end);

/**
 * Makes a connection of a descriptor.
 *
 * `vh`: the vhost. `type`: LWS_ADOPT_*. `fd`: the descriptor; it is the library's from here on. `vh_prot_name`: protocol
 * to bind, NULL for the vhost's default. `parent`: parent connection or NULL.
 *
 * Returns the connection, or NULL after a log line; the descriptor is closed then.
 *
 * Re-entry: dispatches (WSI_CREATE, *_ADOPT ...), may close the new wsi.
 */
LWS_VISIBLE LWS_EXTERN struct lws *lws_adopt_descriptor_vhost(struct lws_vhost *vh,
	lws_adoption_type type, lws_sock_file_fd_type fd, const char *vh_prot_name, struct lws *parent);

/**
 * lws_adopt_descriptor_vhost with its arguments in a struct, and an opaque user pointer.
 *
 * `info`: the arguments.
 *
 * Returns as lws_adopt_descriptor_vhost.
 *
 * Re-entry: as lws_adopt_descriptor_vhost.
 */
LWS_VISIBLE LWS_EXTERN struct lws *lws_adopt_descriptor_vhost_via_info(const lws_adopt_desc_t *info);

/**
 * Makes an http server connection of a connected socket, on the context's first vhost.
 *
 * `context`: the context. `accept_fd`: the socket; it is the library's from here on.
 *
 * Returns the connection, or NULL; the socket is closed then.
 *
 * Re-entry: dispatches, may close the new wsi.
 */
LWS_VISIBLE LWS_EXTERN struct lws *lws_adopt_socket(struct lws_context *context,
	lws_sockfd_type accept_fd);

/**
 * lws_adopt_socket for a socket from which the program has read already.
 *
 * `context`, `accept_fd`: as for lws_adopt_socket. `readbuf`, `len`: the bytes read; copied.
 *
 * Returns as lws_adopt_socket.
 *
 * Re-entry: as lws_adopt_socket; the bytes are processed during the call.
 */
LWS_VISIBLE LWS_EXTERN struct lws *lws_adopt_socket_readbuf(struct lws_context *context,
	lws_sockfd_type accept_fd, const char *readbuf, size_t len);

/**
 * The same on a given vhost.
 *
 * `vh`: the vhost. `accept_fd`: as for lws_adopt_socket.
 *
 * Returns as lws_adopt_socket.
 *
 * Re-entry: as lws_adopt_socket.
 */
LWS_VISIBLE LWS_EXTERN struct lws *lws_adopt_socket_vhost(struct lws_vhost *vh,
	lws_sockfd_type accept_fd);

/**
 * The same on a given vhost.
 *
 * `vhost`: the vhost. `accept_fd`, `readbuf`, `len`: as for lws_adopt_socket_readbuf.
 *
 * Returns as lws_adopt_socket.
 *
 * Re-entry: as lws_adopt_socket_readbuf.
 */
LWS_VISIBLE LWS_EXTERN struct lws *lws_adopt_socket_vhost_readbuf(struct lws_vhost *vhost,
	lws_sockfd_type accept_fd, const char *readbuf, size_t len);

/**
 * Copies bytes to the end of the list.
 *
 * - `head`: the list, owned by the caller.
 * - `buf`, `len`: the bytes, copied.
 *
 * Returns 1 when they became the first segment, 0 when there were others, -1 when there is no memory or nothing to
 * copy.
 *
 * Re-entry: query; may call the program's allocator; one thread at a time for each list.
 */
LWS_VISIBLE LWS_EXTERN int lws_buflist_append_segment(struct lws_buflist **head,
	const uint8_t *buf, size_t len);

/**
 * Logs the segments at level NOTICE.
 *
 * - `head`: the list.
 * - `id`: shown in each line, not followed.
 * - `reason`: shown in each line.
 *
 * Re-entry: calls the emit function; one thread at a time for each list.
 */
LWS_VISIBLE LWS_EXTERN void lws_buflist_describe(struct lws_buflist **head, void *id,
	const char *reason);

/**
 * Frees all segments; the head is null after.
 *
 * - `head`: the list.
 *
 * Re-entry: query; may call the program's allocator; one thread at a time for each list.
 */
LWS_VISIBLE LWS_EXTERN void lws_buflist_destroy_all_segments(struct lws_buflist **head);

/**
 * Copies bytes out of the list without using them up.
 *
 * - `head`: the list.
 * - `ofs`: where to start, in bytes from the start of the first segment.
 * - `buf`, `len`: where to copy to, owned by the caller, and its size.
 *
 * Returns how many bytes were copied; 0 when there are none from `ofs` on.
 *
 * Re-entry: query; one thread at a time for each list.
 *
 * Quirks: bytes of the first segment that were used are copied too.
 */
LWS_VISIBLE LWS_EXTERN int lws_buflist_linear_copy(struct lws_buflist **head, size_t ofs,
	uint8_t *buf, size_t len);

/**
 * Tells what is left in the first segment.
 *
 * - `head`: the list.
 * - `buf`: null, or set to the address of the bytes; null when there are none. They belong to the list.
 *
 * Returns the number of bytes; 0 when the list is empty.
 *
 * Re-entry: query; one thread at a time for each list.
 */
LWS_VISIBLE LWS_EXTERN size_t lws_buflist_next_segment_len(struct lws_buflist **head,
	uint8_t **buf);

/**
 * Tells the length of all segments together.
 *
 * - `head`: the list.
 *
 * Returns the number of bytes.
 *
 * Re-entry: query; one thread at a time for each list.
 *
 * Quirks: bytes of the first segment that were used count until it is freed.
 */
LWS_VISIBLE LWS_EXTERN size_t lws_buflist_total_len(struct lws_buflist **head);

/**
 * Uses up bytes of the first segment, and frees it when none is left.
 *
 * - `head`: the list.
 * - `len`: how many bytes; more than are left counts as all that are left.
 *
 * Returns how many bytes are left in the segment that is first then; 0 when the list is empty.
 *
 * Re-entry: query; may call the program's allocator; one thread at a time for each list.
 */
LWS_VISIBLE LWS_EXTERN size_t lws_buflist_use_segment(struct lws_buflist **head, size_t len);

/**
 * Calls the program for every connection of a protocol, on all vhosts.
 *
 * `context`: the context. `protocol`: as for lws_callback_on_writable_all_protocol. `reason`: the reason to give,
 * with `in` NULL and `len` 0.
 *
 * Returns 0, or 1 without context or protocol.
 *
 * Re-entry: dispatches.
 */
LWS_VISIBLE LWS_EXTERN int lws_callback_all_protocol(struct lws_context *context,
	const struct lws_protocols *protocol, int reason);

/**
 * The same on one vhost.
 *
 * `vh`: the vhost. `protocol`, `reason`: as for lws_callback_all_protocol.
 *
 * Returns 0, or 1 without vhost or protocol.
 *
 * Re-entry: dispatches.
 */
LWS_VISIBLE LWS_EXTERN int lws_callback_all_protocol_vhost(struct lws_vhost *vh,
	const struct lws_protocols *protocol, int reason);

/**
 * The same on one vhost with `in` and `len`.
 *
 * `vh`: the vhost. `protocol`, `reason`: as for lws_callback_all_protocol. `argp`, `len`: given as `in` and `len`.
 *
 * Returns 0, or 1 without vhost or protocol.
 *
 * Re-entry: dispatches.
 */
LWS_VISIBLE LWS_EXTERN int lws_callback_all_protocol_vhost_args(struct lws_vhost *vh,
	const struct lws_protocols *protocol, int reason, void *argp, size_t len);

/**
 * The callback for programs that only serve mounts: what their own callback does not handle.
 *
 * `wsi`, `reason`, `user`, `in`, `len`: as the callback got them.
 *
 * Returns what the callback is to return.
 *
 * Re-entry: dispatches, as lws_http_transaction_completed.
 */
LWS_VISIBLE LWS_EXTERN int lws_callback_http_dummy(struct lws *wsi,
	enum lws_callback_reasons reason, void *user, void *in, size_t len);

/**
 * Asks for one WRITEABLE callback on a connection.
 *
 * `wsi`: the connection.
 *
 * Returns 1, or 0 for a connection that is gone or closing.
 *
 * Re-entry: any thread; another thread than the one at work leaves a message and wakes it.
 */
LWS_VISIBLE LWS_EXTERN int lws_callback_on_writable(struct lws *wsi);

/**
 * Asks for WRITEABLE on every connection of a protocol, on all vhosts.
 *
 * `context`: the context. `protocol`: the program's struct or what lws_get_protocol gave.
 *
 * Returns 0, or 1 without context or protocol.
 *
 * Re-entry: any thread; connections of other service threads are asked by message.
 */
LWS_VISIBLE LWS_EXTERN int lws_callback_on_writable_all_protocol(const struct lws_context *context,
	const struct lws_protocols *protocol);

/**
 * The same on one vhost.
 *
 * `vhost`: the vhost. `protocol`: as for lws_callback_on_writable_all_protocol.
 *
 * Returns 0, or 1 without vhost or protocol.
 *
 * Re-entry: as lws_callback_on_writable_all_protocol.
 */
LWS_VISIBLE LWS_EXTERN
	int lws_callback_on_writable_all_protocol_vhost(const struct lws_vhost *vhost,
	const struct lws_protocols *protocol);

/**
 * Calls every protocol of a connection's vhost, with that connection.
 *
 * `wsi`: the connection. `reason`, `in`, `len`: given on.
 *
 * Returns 0, or 1 as soon as some protocol returns nonzero.
 *
 * Re-entry: dispatches.
 */
LWS_VISIBLE LWS_EXTERN int lws_callback_vhost_protocols(struct lws *wsi, int reason, void *in,
	int len);

/**
 * The same for a vhost, with a stand-in connection.
 *
 * `vh`: the vhost. `reason`, `in`, `len`: given on.
 *
 * Returns 0, or 1 as soon as some protocol returns nonzero.
 *
 * Re-entry: dispatches.
 */
LWS_VISIBLE LWS_EXTERN int lws_callback_vhost_protocols_vhost(struct lws_vhost *vh, int reason,
	void *in, size_t len);

/**
 * Ends the waits of a context's service threads; each protocol of each vhost gets EVENT_WAIT_CANCELLED.
 *
 * `context`: the context.
 *
 * Returns nothing.
 *
 * Re-entry: any thread, any signal handler.
 */
LWS_VISIBLE LWS_EXTERN void lws_cancel_service(struct lws_context *context);

/**
 * Ends the wait of the service thread that a connection belongs to.
 *
 * `wsi`: the connection.
 *
 * Returns nothing.
 *
 * Re-entry: any thread.
 */
LWS_VISIBLE LWS_EXTERN void lws_cancel_service_pt(struct lws *wsi);

/**
 * Forgets that children of a connection wait for WRITEABLE.
 *
 * `wsi`: the connection.
 *
 * Returns nothing.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lws_clear_child_pending_on_writable(struct lws *wsi);

/**
 * Closes a connection: for event libraries.
 *
 * `wsi`: the connection. `reason`, `caller`: not used.
 *
 * Returns nothing.
 *
 * Re-entry: may dispatch, closes the wsi.
 */
LWS_VISIBLE LWS_EXTERN void lws_close_free_wsi(struct lws *wsi, enum lws_close_status reason,
	const char *caller);

/**
 * Sets what our close frame will say; the callback then returns nonzero to close.
 *
 * `wsi`: the connection. `status`: close code. `buf`, `len`: reason text in UTF-8, cut to 123 bytes; copied.
 *
 * Returns nothing.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lws_close_reason(struct lws *wsi, enum lws_close_status status,
	unsigned char *buf, size_t len);

/**
 * Stops listening for good, so that a successor process can take over; existing connections go on.
 *
 * `context`: the context. `cb`: not called by this library.
 *
 * Returns nothing.
 *
 * Re-entry: may dispatch.
 */
LWS_VISIBLE LWS_EXTERN void lws_context_deprecate(struct lws_context *context, lws_reload_func cb);

/**
 * Destroys a context with everything in it.
 *
 * `context`: the context; NULL and contexts that are gone are ignored.
 *
 * Returns nothing. `*info.pcontext` is NULL when it is done.
 *
 * Re-entry: any thread, any callback; may close every wsi. Inside a callback of the context it happens when the last
 * callback has returned.
 */
LWS_VISIBLE LWS_EXTERN void lws_context_destroy(struct lws_context *context);

/**
 * The second half of lws_context_destroy for event libraries; here the same.
 *
 * `context`: the context.
 *
 * Returns nothing.
 *
 * Re-entry: as lws_context_destroy.
 */
LWS_VISIBLE LWS_EXTERN void lws_context_destroy2(struct lws_context *context);

/**
 * Whether lws_context_deprecate was called.
 *
 * `context`: the context.
 *
 * Returns 1 or 0.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_context_is_deprecated(struct lws_context *context);

/**
 * info.user of the context.
 *
 * `context`: the context.
 *
 * Returns the pointer, NULL without a context.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void *lws_context_user(struct lws_context *context);

/**
 * Creates a context, and unless LWS_SERVER_OPTION_EXPLICIT_VHOSTS is set its first vhost.
 *
 * `info`: what the program asks for; read during the call, though its lists of mounts, options and protocols'
 * callbacks and user pointers must stay valid.
 *
 * Returns the context, or NULL after a log line that says why not.
 *
 * Re-entry: may dispatch (descriptors are announced, a failed vhost is finalized).
 */
LWS_VISIBLE LWS_EXTERN
	struct lws_context *lws_create_context(const struct lws_context_creation_info *info);

/**
 * Creates a further vhost.
 *
 * `context`: a live context. `info`: as for lws_create_context; only the vhost's members are read.
 *
 * Returns the vhost, or NULL after a log line that says why not.
 *
 * Re-entry: may dispatch (PROTOCOL_INIT, once the context has started).
 */
LWS_VISIBLE LWS_EXTERN struct lws_vhost *lws_create_vhost(struct lws_context *context,
	const struct lws_context_creation_info *info);

/**
 * Puts a node in front of another, on the list of that.
 *
 * - `d`: the node, in memory of the caller; it stays there while listed.
 * - `after`: the node it comes before.
 *
 * Re-entry: query; one thread at a time for each list.
 */
LWS_VISIBLE LWS_EXTERN void lws_dll2_add_before(struct lws_dll2 *d, struct lws_dll2 *after);

/**
 * Puts a node at the head of a list.
 *
 * - `d`: the node, in memory of the caller; it stays there while listed.
 * - `owner`: the list.
 *
 * Re-entry: query; one thread at a time for each list.
 */
LWS_VISIBLE LWS_EXTERN void lws_dll2_add_head(struct lws_dll2 *d, struct lws_dll2_owner *owner);

/**
 * Puts a node in front of the first one that does not belong before it.
 *
 * - `d`: the node, in memory of the caller; it stays there while listed.
 * - `own`: the list, sorted by the same function.
 * - `compare`: called with a listed node and `d`; must not change the list.
 *
 * Re-entry: calls `compare`; one thread at a time for each list.
 *
 * Quirks: among equals the latest comes first.
 */
LWS_VISIBLE LWS_EXTERN void lws_dll2_add_sorted(lws_dll2_t *d, lws_dll2_owner_t *own,
	int (*compare)(const lws_dll2_t *, const lws_dll2_t *));

/**
 * Puts a node at the tail of a list.
 *
 * - `d`: the node, in memory of the caller; it stays there while listed.
 * - `owner`: the list.
 *
 * Re-entry: query; one thread at a time for each list.
 */
LWS_VISIBLE LWS_EXTERN void lws_dll2_add_tail(struct lws_dll2 *d, struct lws_dll2_owner *owner);

/**
 * Makes a node look unlisted, without touching any list.
 *
 * - `d`: the node.
 *
 * Re-entry: query; any thread.
 */
LWS_VISIBLE LWS_EXTERN void lws_dll2_clear(struct lws_dll2 *d);

/**
 * Calls a function with each node from the head on.
 *
 * - `owner`: the list.
 * - `user`: given to the function.
 * - `cb`: the function; it may remove and free its node, not the one behind it. Not 0 ends the walk.
 *
 * Returns 1 when the function ended the walk, else 0.
 *
 * Re-entry: `cb` may do anything else; one thread at a time for each list.
 */
LWS_VISIBLE LWS_EXTERN int lws_dll2_foreach_safe(struct lws_dll2_owner *owner, void *user,
	int (*cb)(struct lws_dll2 *, void *));

/**
 * Makes a list look empty, without touching its nodes.
 *
 * - `d`: the list.
 *
 * Re-entry: query; any thread.
 */
LWS_VISIBLE LWS_EXTERN void lws_dll2_owner_clear(struct lws_dll2_owner *d);

/**
 * Takes a node off its list; it is all zero after.
 *
 * - `d`: the node; nothing happens when it is on no list.
 *
 * Re-entry: query; one thread at a time for each list.
 */
LWS_VISIBLE LWS_EXTERN void lws_dll2_remove(struct lws_dll2 *d);

/**
 * Ends the headers with the blank line.
 *
 * `wsi`: the connection. `p`, `end`: as for lws_add_http_header_status.
 *
 * Returns 0, or 1 when there is no room.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_finalize_http_header(struct lws *wsi, unsigned char **p,
	unsigned char *end);

/**
 * Ends the startup phase of a program that makes its vhosts itself.
 *
 * `context`: the context.
 *
 * Returns 0, or 1 when privileges could not be dropped.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_finalize_startup(struct lws_context *context);

/**
 * Ends the headers and sends them.
 *
 * `wsi`: the connection. `start`: begin of the headers. `p`: in and out: where to write; back at `start` on return.
 * `end`: end of the room.
 *
 * Returns 0, or 1 when there is no room or the connection cannot send.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_finalize_write_http_header(struct lws *wsi, unsigned char *start,
	unsigned char **p, unsigned char *end);

/**
 * Whether the message being received is binary.
 *
 * `wsi`: the connection.
 *
 * Returns 1 or 0.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_frame_is_binary(struct lws *wsi);

/**
 * The child of a connection that was made last.
 *
 * `wsi`: the connection.
 *
 * Returns the child or NULL.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN struct lws *lws_get_child(const struct lws *wsi);

/**
 * Whether some child of a connection waits for WRITEABLE.
 *
 * `wsi`: the connection.
 *
 * Returns 1 or 0.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_get_child_pending_on_writable(const struct lws *wsi);

/**
 * Length of the payload of the peer's close frame.
 *
 * `wsi`: the connection.
 *
 * Returns the number of bytes: the code's two and the reason's.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_get_close_length(struct lws *wsi);

/**
 * The payload of the peer's close frame.
 *
 * `wsi`: the connection.
 *
 * Returns lws_get_close_length() bytes that live until the callback returns, or NULL.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN unsigned char *lws_get_close_payload(struct lws *wsi);

/**
 * The context of a connection.
 *
 * `wsi`: the connection.
 *
 * Returns the context, NULL without a connection.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN struct lws_context *lws_get_context(const struct lws *wsi);

/**
 * Number of service threads.
 *
 * `context`: the context.
 *
 * Returns at least 1; 0 without a context.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_get_count_threads(struct lws_context *context);

/**
 * The version of the library that this one stands in for.
 *
 * Returns a static string.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN const char *lws_get_library_version(void);

/**
 * The content type that a file name means.
 *
 * `file`: the name. `m`: mount whose extra_mimetypes come first; may be NULL.
 *
 * Returns a string that lives as long as the mount, or NULL.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN const char *lws_get_mimetype(const char *file,
	const struct lws_http_mount *m);

/**
 * The connection that carries this one on the network: itself, where streams do not share a connection.
 *
 * `wsi`: the connection.
 *
 * Returns the connection, NULL without one.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN struct lws *lws_get_network_wsi(struct lws *wsi);

/**
 * The program's pointer for the parent's use.
 *
 * `wsi`: the connection.
 *
 * Returns what was set, or NULL.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void *lws_get_opaque_parent_data(const struct lws *wsi);

/**
 * The program's own pointer on a connection.
 *
 * `wsi`: the connection.
 *
 * Returns what was set, or NULL.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void *lws_get_opaque_user_data(const struct lws *wsi);

/**
 * The parent of a connection.
 *
 * `wsi`: the connection.
 *
 * Returns the parent or NULL.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN struct lws *lws_get_parent(const struct lws *wsi);

/**
 * The peer's name and numeric address.
 *
 * `wsi`: the connection. `fd`: not used. `name`, `name_len`: get the name; `rip`, `rip_len`: get the address; each with
 * a NUL, empty where it is not known. No name service is asked, since that would block the loop: the name is
 * the address.
 *
 * Returns nothing.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lws_get_peer_addresses(struct lws *wsi, lws_sockfd_type fd, char *name,
	int name_len, char *rip, int rip_len);

/**
 * The peer's numeric address.
 *
 * `wsi`: the connection. `name`, `namelen`: where it goes, with a NUL.
 *
 * Returns `name`, or NULL when there is no peer or no room.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN const char *lws_get_peer_simple(struct lws *wsi, char *name, size_t namelen);

/**
 * The protocol that a connection is bound to.
 *
 * `wsi`: the connection.
 *
 * Returns the vhost's copy of the program's struct, or NULL.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN const struct lws_protocols *lws_get_protocol(struct lws *wsi);

/**
 * The reserved bits of the frame being received.
 *
 * `wsi`: the connection.
 *
 * Returns the bits as they stand in the frame's first byte (0x70).
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN unsigned char lws_get_reserved_bits(struct lws *wsi);

/**
 * The descriptor of a connection.
 *
 * `wsi`: the connection.
 *
 * Returns the descriptor, which stays the library's; -1 without one.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN lws_sockfd_type lws_get_socket_fd(struct lws *wsi);

/**
 * The service thread of a connection.
 *
 * `wsi`: the connection.
 *
 * Returns its number; 0 without a connection.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_get_tsi(struct lws *wsi);

/**
 * The value of a URL argument.
 *
 * `wsi`: the connection. `name`: the argument's name, with or without '='. `buf`, `len`: where its value goes.
 *
 * Returns the value inside `buf`, or NULL where the argument is absent.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN const char *lws_get_urlarg_by_name(struct lws *wsi, const char *name,
	char *buf, int len);

/**
 * The vhost of a connection.
 *
 * `wsi`: the connection.
 *
 * Returns the vhost or NULL.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN struct lws_vhost *lws_get_vhost(struct lws *wsi);

/**
 * A vhost by its name.
 *
 * `context`: the context. `name`: info.vhost_name ("default" where none was given).
 *
 * Returns the vhost or NULL.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN struct lws_vhost *lws_get_vhost_by_name(struct lws_context *context,
	const char *name);

/**
 * info.iface of a vhost.
 *
 * `vhost`: the vhost.
 *
 * Returns a string that lives as long as the vhost, or NULL.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN const char *lws_get_vhost_iface(struct lws_vhost *vhost);

/**
 * The port that a vhost listens on: what the kernel chose, where 0 was asked for.
 *
 * `vhost`: the vhost.
 *
 * Returns the port, or info.port where it does not listen.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_get_vhost_listen_port(struct lws_vhost *vhost);

/**
 * The name of a vhost.
 *
 * `vhost`: the vhost.
 *
 * Returns a string that lives as long as the vhost, or NULL.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN const char *lws_get_vhost_name(struct lws_vhost *vhost);

/**
 * info.port of a vhost.
 *
 * `vhost`: the vhost.
 *
 * Returns the number as given, 0 without a vhost.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_get_vhost_port(struct lws_vhost *vhost);

/**
 * info.user of a vhost.
 *
 * `vhost`: the vhost.
 *
 * Returns the pointer, NULL without a vhost.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void *lws_get_vhost_user(struct lws_vhost *vhost);

/**
 * Serves a connection that is writable: for event libraries.
 *
 * `wsi`: the connection. `pollfd`: not read.
 *
 * Returns 0, or 1 when the connection was closed.
 *
 * Re-entry: dispatches, may close the wsi.
 */
LWS_VISIBLE LWS_EXTERN int lws_handle_POLLOUT_event(struct lws *wsi, struct pollfd *pollfd);

/**
 * Copies a header's value with a NUL.
 *
 * `wsi`: the connection. `dest`, `len`: where to. `h`: WSI_TOKEN_*.
 *
 * Returns the length without the NUL; 0 where the header is absent; -1 when it does not fit.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_hdr_copy(struct lws *wsi, char *dest, int len,
	enum lws_token_indexes h);

/**
 * Copies one line (fragment) of a header with a NUL.
 *
 * `wsi`: the connection. `dest`, `len`: where to. `h`: WSI_TOKEN_*. `frag_idx`: number of the fragment, from 0.
 *
 * Returns the length without the NUL; -1 where there is no such fragment or it does not fit.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_hdr_copy_fragment(struct lws *wsi, char *dest, int len,
	enum lws_token_indexes h, int frag_idx);

/**
 * Copies the value of a header that has no token, with a NUL.
 *
 * `wsi`: the connection. `dst`, `len`: where to. `name`, `nlen`: its name in lower case with the colon.
 *
 * Returns the length without the NUL; -1 where the header is absent or does not fit.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_hdr_custom_copy(struct lws *wsi, char *dst, int len,
	const char *name, int nlen);

/**
 * Length of the value of a header that has no token.
 *
 * `wsi`: the connection. `name`, `nlen`: its name in lower case with the colon.
 *
 * Returns bytes without a NUL; -1 where the header is absent.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_hdr_custom_length(struct lws *wsi, const char *name, int nlen);

/**
 * Length of one line (fragment) of a header.
 *
 * `wsi`: the connection. `h`: WSI_TOKEN_*. `frag_idx`: number of the fragment, from 0.
 *
 * Returns bytes without a NUL; 0 where there is no such fragment.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_hdr_fragment_length(struct lws *wsi, enum lws_token_indexes h,
	int frag_idx);

/**
 * Length of a header's value, all its lines joined.
 *
 * `wsi`: the connection. `h`: WSI_TOKEN_*.
 *
 * Returns bytes without a NUL; 0 where the header is absent.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_hdr_total_length(struct lws *wsi, enum lws_token_indexes h);

/**
 * The value of a cookie of the request.
 *
 * `wsi`: the connection. `name`: the cookie's name. `buf`: where its value goes, with a NUL. `max`: in: room; out: the
 * length.
 *
 * Returns 0, 1 where there is no such cookie, 2 when it does not fit.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_http_cookie_get(struct lws *wsi, const char *name, char *buf,
	size_t *max);

/**
 * The request's method and path.
 *
 * `wsi`: the connection. `puri_ptr`, `puri_len`: get the path inside the header table; it lives until the
 * transaction ends.
 *
 * Returns the method's number (0 GET, 1 POST, 2 OPTIONS, 3 PUT, 4 PATCH, 5 DELETE, 6 CONNECT, 7 HEAD), -1 without a
 * request.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_http_get_uri_and_method(struct lws *wsi, char **puri_ptr,
	int *puri_len);

/**
 * Gives the header table back before the transaction ends.
 *
 * `wsi`: the connection.
 *
 * Returns 0.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_http_headers_detach(struct lws *wsi);

/**
 * Writes a complete redirect response and sends it.
 *
 * `wsi`: the connection. `code`: 3xx. `loc`, `len`: the location. `p`, `end`: room of the program, which is left as it
 * is.
 *
 * Returns a positive number, or -1 when the connection cannot send.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_http_redirect(struct lws *wsi, int code, const unsigned char *loc,
	int len, unsigned char **p, unsigned char *end);

/**
 * Ends an http transaction: the connection is ready for the next request.
 *
 * `wsi`: the connection.
 *
 * Returns 0 when the connection goes on (or will, once output or body are through), 1 when the callback must return
 * nonzero to close it.
 *
 * Re-entry: dispatches (*_DROP_PROTOCOL, *_BIND_PROTOCOL of protocols[0]); per-session memory is replaced.
 */
LWS_VISIBLE LWS_EXTERN int lws_http_transaction_completed(struct lws *wsi);

/**
 * Whether the connection is the one of a CGI script.
 *
 * `wsi`: the connection.
 *
 * Returns 0: there are none in this build.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_is_cgi(struct lws *wsi);

/**
 * Whether the piece being received ends its message.
 *
 * `wsi`: the connection.
 *
 * Returns 1 or 0.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_is_final_fragment(struct lws *wsi);

/**
 * Whether the piece being received begins its message.
 *
 * `wsi`: the connection.
 *
 * Returns 1 or 0.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_is_first_fragment(struct lws *wsi);

/**
 * Whether the connection is encrypted.
 *
 * `wsi`: the connection.
 *
 * Returns 0: there is no TLS in this build.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_is_ssl(struct lws *wsi);

/**
 * Whether the library holds output that the socket did not take.
 *
 * `wsi`: the connection.
 *
 * Returns 1 or 0.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_partial_buffered(struct lws *wsi);

/**
 * lws_get_protocol under its older name.
 *
 * `wsi`: the connection.
 *
 * Returns as lws_get_protocol.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN const struct lws_protocols *lws_protocol_get(struct lws *wsi);

/**
 * Brings the protocols of vhosts up that have not been yet.
 *
 * `context`: the context.
 *
 * Returns 0, or 1 when some protocol failed in PROTOCOL_INIT.
 *
 * Re-entry: may dispatch.
 */
LWS_VISIBLE LWS_EXTERN int lws_protocol_init(struct lws_context *context);

/**
 * The vhost's private memory for a protocol.
 *
 * `vhost`: the vhost. `prot`: the protocol.
 *
 * Returns the memory, or NULL where none was allocated.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void *lws_protocol_vh_priv_get(struct lws_vhost *vhost,
	const struct lws_protocols *prot);

/**
 * Allocates a vhost's private memory for a protocol, zeroed; freed after PROTOCOL_DESTROY.
 *
 * `vhost`: the vhost. `prot`: the protocol. `size`: bytes.
 *
 * Returns the memory; what there is when it was allocated before; NULL without memory or protocol.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void *lws_protocol_vh_priv_zalloc(struct lws_vhost *vhost,
	const struct lws_protocols *prot, int size);

/**
 * The value of an option in the list that PROTOCOL_INIT gets.
 *
 * `in`: the list. `result`: gets the value's string. `name`: the option's name.
 *
 * Returns 0, or 1 when there is no such option.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_pvo_get_str(void *in, const char *name, const char **result);

/**
 * Finds an option in a list.
 *
 * `pvo`: the list. `name`: the option's name.
 *
 * Returns the entry or NULL.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN
	const struct lws_protocol_vhost_options *lws_pvo_search(const struct lws_protocol_vhost_options *pvo,
	const char *name);

/**
 * The program is through with what a raw connection brought.
 *
 * `wsi`: the connection.
 *
 * Returns 0, or -1 when the connection is to be closed.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_raw_transaction_completed(struct lws *wsi);

/**
 * Makes, resizes or frees a block with the allocator in use.
 *
 * - `ptr`: null, or a block from here.
 * - `size`: bytes; 0 frees.
 * - `reason`: what for, given to the program's allocator.
 *
 * Returns the block, owned by the caller, contents kept but not cleared; null for size 0 or no memory.
 *
 * Re-entry: calls the program's allocator; any thread.
 */
LWS_VISIBLE LWS_EXTERN void *lws_realloc(void *ptr, size_t size, const char *reason);

/**
 * Bytes of the frame that are still to come.
 *
 * `wsi`: the connection.
 *
 * Returns the number of bytes.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN size_t lws_remaining_packet_payload(struct lws *wsi);

/**
 * The delay before the next try, by a policy's table.
 *
 * `context`: not read. `retry`: the policy; NULL gives the default of 3 s. `ctry`: the number of tries so far,
 * counted up. `conceal`: gets 1 while tries go on, 0 when they are used up; may be NULL.
 *
 * Returns milliseconds with the policy's jitter (30 % where it names none) on top.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN unsigned int lws_retry_get_delay_ms(struct lws_context *context,
	const lws_retry_bo_t *retry, uint16_t *ctry, char *conceal);

/**
 * Schedules a retry by a policy.
 *
 * `context`, `tid`: the service thread. `sul`: the timer. `retry`: the policy. `cb`: what runs. `ctry`: tries so far,
 * counted up.
 *
 * Returns 0, or 1 when the tries are used up and nothing was scheduled.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_retry_sul_schedule(struct lws_context *context, int tid,
	lws_sorted_usec_list_t *sul, const lws_retry_bo_t *retry, sul_cb_t cb, uint16_t *ctry);

/**
 * lws_retry_sul_schedule with the policy of a connection's vhost or context.
 *
 * `wsi`: the connection. `sul`, `cb`, `ctry`: as for lws_retry_sul_schedule.
 *
 * Returns as lws_retry_sul_schedule.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_retry_sul_schedule_retry_wsi(struct lws *wsi,
	lws_sorted_usec_list_t *sul, sul_cb_t cb, uint16_t *ctry);

/**
 * Sends a status with a small html page.
 *
 * `wsi`: the connection. `code`: status. `html_body`: html inside the page, NULL for none.
 *
 * Returns 0, or -1 when the connection cannot send.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_return_http_status(struct lws *wsi, unsigned int code,
	const char *html_body);

/**
 * Resumes received data on every connection of a protocol.
 *
 * `context`: the context. `protocol`: as for lws_callback_on_writable_all_protocol.
 *
 * Returns nothing.
 *
 * Re-entry: query; what was held comes in the next pass.
 */
LWS_VISIBLE LWS_EXTERN void lws_rx_flow_allow_all_protocol(const struct lws_context *context,
	const struct lws_protocols *protocol);

/**
 * Stops (0) or resumes (1) the delivery of received data.
 *
 * `wsi`: the connection. `enable`: nonzero to resume; LWS_RXFLOW_* bits beyond the lowest are read as 1.
 *
 * Returns 0.
 *
 * Re-entry: query; what was held comes in the next pass.
 */
LWS_VISIBLE LWS_EXTERN int lws_rx_flow_control(struct lws *wsi, int enable);

/**
 * Whether a write now would only be queued.
 *
 * `wsi`: the connection.
 *
 * Returns 1 when output waits for the peer, else 0.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_send_pipe_choked(struct lws *wsi);

/**
 * Sends a file as the response.
 *
 * `wsi`: the connection. `file`: path. `content_type`: its type. `other_headers`, `other_headers_len`: complete header
 * lines to add, or NULL.
 *
 * Returns 0 while the file is on its way (HTTP_FILE_COMPLETION follows), positive when everything is done and the
 * transaction is completed, negative when the callback must return nonzero.
 *
 * Re-entry: may dispatch (HTTP_FILE_COMPLETION), may close the wsi.
 */
LWS_VISIBLE LWS_EXTERN int lws_serve_http_file(struct lws *wsi, const char *file,
	const char *content_type, const char *other_headers, int other_headers_len);

/**
 * Goes on sending a file; the library does so by itself.
 *
 * `wsi`: the connection.
 *
 * Returns 0, or -1 when the connection is closed.
 *
 * Re-entry: may dispatch, may close the wsi.
 */
LWS_VISIBLE LWS_EXTERN int lws_serve_http_file_fragment(struct lws *wsi);

/**
 * One pass of service thread 0: waits for something to do and does it.
 *
 * `context`: the context. `timeout_ms`: the longest wait in ms; 0 waits for the next event or timer, negative does not
 * wait at all.
 *
 * Returns 0, 1 for a NULL context, negative when the context is on its way out.
 *
 * Re-entry: dispatches, may close any wsi; may be called inside a callback.
 */
LWS_VISIBLE LWS_EXTERN int lws_service(struct lws_context *context, int timeout_ms);

/**
 * How long a program with its own poll() may wait.
 *
 * `context`: the context. `timeout_ms`: what the program would wait. `tsi`: the service thread.
 *
 * Returns the smaller of `timeout_ms` and the time to the next timer in ms; 0 when lws_service_tsi(context, -1, tsi)
 * has work now.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_service_adjust_timeout(struct lws_context *context, int timeout_ms,
	int tsi);

/**
 * Serves one descriptor that the program's own poll() reports.
 *
 * `context`: the context. `pollfd`: descriptor and revents; revents becomes 0 when the descriptor is ours. NULL runs
 * what is due and returns.
 *
 * Returns 0, also for descriptors that are not ours; 1 when the connection was closed; negative when the context is on
 * its way out.
 *
 * Re-entry: dispatches, may close any wsi; may be called inside a callback.
 */
LWS_VISIBLE LWS_EXTERN int lws_service_fd(struct lws_context *context, struct pollfd *pollfd);

/**
 * lws_service_fd for service thread `tsi`.
 *
 * `context`, `pollfd`: as for lws_service_fd. `tsi`: the service thread that the descriptor belongs to.
 *
 * Returns as lws_service_fd.
 *
 * Re-entry: as lws_service_fd.
 */
LWS_VISIBLE LWS_EXTERN int lws_service_fd_tsi(struct lws_context *context, struct pollfd *pollfd,
	int tsi);

/**
 * One pass of service thread `tsi`.
 *
 * `context`: the context. `timeout_ms`: as for lws_service. `tsi`: the service thread, below
 * lws_get_count_threads().
 *
 * Returns as lws_service.
 *
 * Re-entry: dispatches, may close any wsi of the thread. One OS thread at a time; others wait for their turn.
 */
LWS_VISIBLE LWS_EXTERN int lws_service_tsi(struct lws_context *context, int timeout_ms, int tsi);

/**
 * Replaces the allocator for memory that the library hands to the program.
 *
 * - `realloc`: new memory for a null pointer, frees for size 0, else resizes; the third argument says what for. Null
 *   brings back the built-in one. Blocks that exist are freed by the allocator they came from.
 *
 * Re-entry: any thread; before any context is the sensible time.
 *
 * Quirks: only memory that the program can see comes from it, not the library's own records.
 */
LWS_VISIBLE LWS_EXTERN void lws_set_allocator(void *(*realloc)(void *, size_t, const char *));

/**
 * Sets which levels are logged, and by what.
 *
 * - `level`: `LLL_` bits.
 * - `emit`: called with each finished line, on any thread; null leaves it as it is.
 *
 * Re-entry: any thread.
 */
LWS_VISIBLE LWS_EXTERN void lws_set_log_level(int level, void (*log_emit_function)(int,
	const char *));

/**
 * Sets the program's pointer for the parent's use.
 *
 * `wsi`: the connection. `data`: stays the program's.
 *
 * Returns nothing.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lws_set_opaque_parent_data(struct lws *wsi, void *data);

/**
 * Sets the program's own pointer on a connection.
 *
 * `wsi`: the connection. `data`: stays the program's.
 *
 * Returns nothing.
 *
 * Re-entry: query; from another OS thread while the service thread is not at work.
 */
LWS_VISIBLE LWS_EXTERN void lws_set_opaque_user_data(struct lws *wsi, void *data);

/**
 * Closes a connection unless it makes progress in time.
 *
 * `wsi`: the connection. `reason`: why; NO_PENDING_TIMEOUT (0) lifts the timeout. `secs`: seconds, or
 * LWS_TO_KILL_SYNC (close now) or LWS_TO_KILL_ASYNC (close in the next pass).
 *
 * Returns nothing.
 *
 * Re-entry: may close the wsi (LWS_TO_KILL_SYNC).
 */
LWS_VISIBLE LWS_EXTERN void lws_set_timeout(struct lws *wsi, enum pending_timeout reason, int secs);

/**
 * Sets or cancels the connection's own timer: LWS_CALLBACK_TIMER once.
 *
 * `wsi`: the connection. `usecs`: microseconds from now, or LWS_SET_TIMER_USEC_CANCEL.
 *
 * Returns nothing.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lws_set_timer_usecs(struct lws *wsi, lws_usec_t usecs);

/**
 * Replaces the per-session memory by the program's own.
 *
 * `wsi`: the connection. `user`: what callbacks get from now on; stays the program's.
 *
 * Returns nothing.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lws_set_wsi_user(struct lws *wsi, void *user);

/**
 * Takes a notifier off its machine.
 *
 * - `nl`: the notifier; nothing happens when it is not registered.
 *
 * Re-entry: query; on the machine's thread, also from the notifier itself.
 */
LWS_VISIBLE LWS_EXTERN void lws_state_reg_deregister(lws_state_notify_link_t *nl);

/**
 * Adds a notifier to a machine, in front of those it has.
 *
 * - `mgr`: the machine.
 * - `nl`: the notifier, in memory of the caller, where it stays while registered; moved when it is registered already.
 *
 * Re-entry: query; on the machine's thread.
 */
LWS_VISIBLE LWS_EXTERN void lws_state_reg_notifier(lws_state_manager_t *mgr,
	lws_state_notify_link_t *nl);

/**
 * Adds notifiers to a machine, one after the other, each in front of those before.
 *
 * - `mgr`: the machine.
 * - `nl`: array of notifiers with a null at its end; the notifiers stay in memory of the caller while registered.
 *
 * Re-entry: query; on the machine's thread.
 */
LWS_VISIBLE LWS_EXTERN void lws_state_reg_notifier_list(lws_state_manager_t *mgr,
	lws_state_notify_link_t *const *nl);

/**
 * Jumps to a state, if no notifier vetoes it.
 *
 * - `mgr`: the machine.
 * - `target`: the state, above or below; nothing happens when the machine is there.
 *
 * Returns 0, also when a notifier vetoed it.
 *
 * Re-entry: dispatches: notifiers may do anything but free the machine. On the machine's thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_state_transition(lws_state_manager_t *mgr, int target);

/**
 * Goes up to a state step by step, as far as the notifiers let it.
 *
 * - `mgr`: the machine.
 * - `target`: the state; nothing happens when the machine is there or above.
 *
 * Returns 0, also when a notifier vetoed a step.
 *
 * Re-entry: dispatches: notifiers may do anything but free the machine. On the machine's thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_state_transition_steps(lws_state_manager_t *mgr, int target);

/**
 * Schedules a timer whose time (`sul->us`, absolute) and callback are set already.
 *
 * `context`, `tsi`: the service thread. `flags`: LWSSULLI_WAKE_IF_SUSPENDED or 0. `sul`: as for lws_sul_schedule.
 *
 * Returns nothing.
 *
 * Re-entry: as lws_sul_schedule.
 */
LWS_VISIBLE LWS_EXTERN void lws_sul2_schedule(struct lws_context *context, int tsi, int flags,
	lws_sorted_usec_list_t *sul);

/**
 * Takes a timer off its list.
 *
 * - `sul`: the timer, in memory of the caller; nothing happens when it is not scheduled.
 *
 * Re-entry: query; on the service thread that owns the list.
 */
LWS_VISIBLE LWS_EXTERN void lws_sul_cancel(lws_sorted_usec_list_t *sul);

/**
 * When the earliest timer comes that wakes a suspended machine.
 *
 * `ctx`: the context. `pearliest`: gets the absolute time in microseconds.
 *
 * Returns 0, or 1 when there is none.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_sul_earliest_wakeable_event(struct lws_context *ctx,
	lws_usec_t *pearliest);

/**
 * Schedules, moves or cancels a timer.
 *
 * `ctx`, `tsi`: the service thread it runs on. `sul`: the program's memory, zeroed before its first use; it stays the
 * program's and must live until the timer has run or is cancelled. `cb`: what runs. `us`: microseconds from now, or
 * LWS_SET_TIMER_USEC_CANCEL.
 *
 * Returns nothing.
 *
 * Re-entry: query; `cb` runs in a service pass and may schedule or free its own `sul`.
 */
LWS_VISIBLE LWS_EXTERN void lws_sul_schedule(struct lws_context *ctx, int tsi,
	lws_sorted_usec_list_t *sul, sul_cb_t _cb, lws_usec_t _us);

/**
 * lws_sul_schedule for timers that wake a suspended machine.
 *
 * `ctx`, `tsi`, `sul`, `cb`, `us`: as for lws_sul_schedule.
 *
 * Returns nothing.
 *
 * Re-entry: as lws_sul_schedule.
 */
LWS_VISIBLE LWS_EXTERN void lws_sul_schedule_wakesuspend(struct lws_context *ctx, int tsi,
	lws_sorted_usec_list_t *sul, sul_cb_t _cb, lws_usec_t _us);

/**
 * The context that a system state machine belongs to.
 *
 * `mgr`: the machine.
 *
 * Returns the context, NULL for NULL.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN
	struct lws_context *lws_system_context_from_system_mgr(lws_state_manager_t *mgr);

/**
 * info.system_ops.
 *
 * `context`: the context.
 *
 * Returns the program's struct, NULL where none was given.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN const lws_system_ops_t *lws_system_get_ops(struct lws_context *context);

/**
 * The context's system state machine.
 *
 * `context`: the context.
 *
 * Returns the machine, which lives as long as the context, or NULL.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN
	lws_state_manager_t *lws_system_get_state_manager(struct lws_context *context);

/**
 * A header's name as it stands in the token table.
 *
 * `token`: WSI_TOKEN_*.
 *
 * Returns a static string, or NULL for numbers that are no token.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN const unsigned char *lws_token_to_string(enum lws_token_indexes token);

/**
 * The program has seen that the connection is alive: pings and hang-up are put off.
 *
 * `wsi`: the connection.
 *
 * Returns nothing.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lws_validity_confirmed(struct lws *wsi);

/**
 * Destroys a vhost: it stops listening, its connections close, its protocols are told.
 *
 * `vhost`: the vhost; NULL is ignored.
 *
 * Returns nothing; finalize is called when it is done, during the call unless that is made inside a callback.
 *
 * Re-entry: may close every wsi of the vhost.
 */
LWS_VISIBLE LWS_EXTERN void lws_vhost_destroy(struct lws_vhost *vh);

/**
 * The first half of lws_vhost_destroy for event libraries; here the same.
 *
 * `vhost`: the vhost.
 *
 * Returns nothing.
 *
 * Re-entry: as lws_vhost_destroy.
 */
LWS_VISIBLE LWS_EXTERN void lws_vhost_destroy1(struct lws_vhost *vh);

/**
 * A protocol of a vhost by name.
 *
 * `vh`: the vhost. `name`: the protocol's name.
 *
 * Returns the vhost's copy of the struct, or NULL.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN const struct lws_protocols *lws_vhost_name_to_protocol(struct lws_vhost *vh,
	const char *name);

/**
 * info.user of a vhost: the older name.
 *
 * `vhost`: the vhost.
 *
 * Returns the pointer, NULL without a vhost.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void *lws_vhost_user(struct lws_vhost *vhost);

/**
 * Sends on a connection.
 *
 * `wsi`: the connection. `buf`: the payload; it is read only, and no room before it is needed (LWS_PRE is accepted and
 * left alone). `len`: its bytes. `protocol`: LWS_WRITE_*.
 *
 * Returns `len` when everything is sent or held for sending, -1 when the connection cannot send any more.
 *
 * Re-entry: query; no callback runs.
 */
LWS_VISIBLE LWS_EXTERN int lws_write(struct lws *wsi, unsigned char *buf, size_t len,
	enum lws_write_protocol protocol);

/**
 * lws_get_tsi under its older name.
 *
 * `wsi`: the connection.
 *
 * Returns as lws_get_tsi.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_wsi_tsi(struct lws *wsi);

/**
 * The per-session memory of a connection.
 *
 * `wsi`: the connection.
 *
 * Returns what callbacks get as `user`, or NULL.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void *lws_wsi_user(struct lws *wsi);

/**
 * Writes a line to stderr behind the time and the level's letter, in colour on a terminal.
 *
 * - `level`: one `LLL_` bit; other values get no time.
 * - `line`: the text.
 *
 * Re-entry: any thread.
 */
LWS_VISIBLE LWS_EXTERN void lwsl_emit_stderr(int level, const char *line);

/**
 * Writes a line to stderr as it is, in colour on a terminal.
 *
 * - `level`: one `LLL_` bit, for the colour.
 * - `line`: the text.
 *
 * Re-entry: any thread.
 */
LWS_VISIBLE LWS_EXTERN void lwsl_emit_stderr_notimestamp(int level, const char *line);

/**
 * Writes a line to the system log.
 *
 * - `level`: one `LLL_` bit: ERR, WARN, NOTICE and INFO keep their meaning, all others are debug.
 * - `line`: the text.
 *
 * Re-entry: any thread.
 */
LWS_VISIBLE LWS_EXTERN void lwsl_emit_syslog(int level, const char *line);

/**
 * Logs bytes as hexadecimal and text at level DEBUG.
 *
 * - `buf`, `len`: the bytes.
 *
 * Re-entry: as for `lwsl_hexdump_level`.
 */
LWS_VISIBLE LWS_EXTERN void lwsl_hexdump(const void *buf, size_t len);

/**
 * Logs bytes as hexadecimal and text, 16 a line.
 *
 * - `level`: one `LLL_` bit; nothing happens unless it is enabled.
 * - `vbuf`, `len`: the bytes; none gives a line that says so.
 *
 * Re-entry: any thread; calls the emit function once a line, with an empty line before and after.
 */
LWS_VISIBLE LWS_EXTERN void lwsl_hexdump_level(int level, const void *vbuf, size_t len);

/**
 * Writes the local time and the level's letter, as they come before a log line.
 *
 * - `level`: one `LLL_` bit.
 * - `p`: a buffer of the caller, terminated in any case.
 * - `len`: its size in bytes.
 *
 * Returns the length; `len` when it was cut; 0 when `level` is no single level, or for no buffer.
 *
 * Re-entry: query; any thread.
 */
LWS_VISIBLE LWS_EXTERN int lwsl_timestamp(int level, char *p, int len);

/**
 * Tells which of these levels are logged.
 *
 * - `level`: `LLL_` bits.
 *
 * Returns the enabled ones of them: 0 when none is.
 *
 * Re-entry: query; any thread.
 */
LWS_VISIBLE LWS_EXTERN int lwsl_visible(int level);

/**
 * The connection that a descriptor belongs to.
 *
 * `context`: the context. `fd`: the descriptor.
 *
 * Returns the connection or NULL.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN struct lws *wsi_from_fd(const struct lws_context *context, int fd);

#ifdef __cplusplus
}
#endif

#endif
