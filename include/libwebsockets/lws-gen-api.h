/* Written by capi/headergen from the Rust sources; do not edit. The functions of this library. */

#ifndef LWS_GEN_API_H
#define LWS_GEN_API_H

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Frees a connection after its last callback; the library does so by itself.
 *
 * `wsi`: a connection; nothing is done with it.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void __lws_close_free_wsi_final(struct lws *wsi);

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
 * Leaves a call for a service thread, or fetches one: for the program's `attach` operation, inside its lock.
 *
 * `context`, `tsi`: the service thread. `cb`, `opaque`: what is to be called; `opaque` stays the program's. `state`: the
 * system state (LWS_SYSTATE_*) from which on. `get`: NULL to leave; else set to a call that is due, or to NULL.
 *
 * Returns 0, or 1 for no context.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN int __lws_system_attach(struct lws_context *context, int tsi,
	lws_attach_cb_t cb, lws_system_states_t state, void *opaque, struct lws_attach_item **get);

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
 * Closes a real file.
 *
 * `fop_fd`: place of an open file, set to NULL.
 *
 * Returns 0, or -1 when close(2) fails; it is closed all the same.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN int _lws_plat_file_close(lws_fop_fd_t *fop_fd);

/**
 * Opens a real file (lws_plat_file_open).
 *
 * `fops`: operations the file is to have. `filename`: path. `vpath`: not used. `flags`: open(2) flags and
 * LWS_FOP_FLAG_*, which the file keeps.
 *
 * Returns the file, closed by its `close`, or NULL.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN lws_fop_fd_t _lws_plat_file_open(const struct lws_plat_file_ops *fops,
	const char *filename, const char *vpath, lws_fop_flags_t *flags);

/**
 * Reads from a real file.
 *
 * `fop_fd`: an open file. `amount`: how many bytes came, 0 at the end. `buf`, `len`: where to.
 *
 * Returns 0, or -1 on failure.
 *
 * Re-entry: query, any thread; blocks as the file does.
 */
LWS_VISIBLE LWS_EXTERN int _lws_plat_file_read(lws_fop_fd_t fop_fd, lws_filepos_t *amount,
	uint8_t *buf, lws_filepos_t len);

/**
 * Moves a real file by a distance.
 *
 * `fop_fd`: an open file. `offset_from_cur_pos`: how far.
 *
 * Returns the position now, which is between 0 and the file's length when it was opened; -1 on failure.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN lws_fileofs_t _lws_plat_file_seek_cur(lws_fop_fd_t fop_fd,
	lws_fileofs_t offset);

/**
 * Writes to a real file.
 *
 * `fop_fd`: an open file. `amount`: how many bytes went. `buf`, `len`: what.
 *
 * Returns 0, or -1 on failure.
 *
 * Re-entry: query, any thread; blocks as the file does.
 */
LWS_VISIBLE LWS_EXTERN int _lws_plat_file_write(lws_fop_fd_t fop_fd, lws_filepos_t *amount,
	uint8_t *buf, lws_filepos_t len);

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
 * Replaces the callback of the outermost parser: calls the old one with `LEJPCB_DESTRUCTED`, the new one with
 * `LEJPCB_CONSTRUCTED` and `LEJPCB_START`.
 *
 * - `ctx`: the parser.
 * - `callback`: the new one.
 *
 * Re-entry: calls both.
 */
LWS_VISIBLE LWS_EXTERN void lejp_change_callback(struct lejp_ctx *ctx,
	signed char (*callback)(struct lejp_ctx *, char));

/**
 * Looks which path matches, if none does yet.
 *
 * - `ctx`: the parser; `path_match` and the wildcards are set.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lejp_check_path_match(struct lejp_ctx *ctx);

/**
 * Makes a parser ready and calls its callback with `LEJPCB_CONSTRUCTED`.
 *
 * - `ctx`: gets the state.
 * - `callback`: gets the events; nonzero from it stops the parser.
 * - `user`: for the program.
 * - `paths`, `paths_count`: paths to match, as long as the parser is used; null for none.
 *
 * Re-entry: calls `callback`.
 */
LWS_VISIBLE LWS_EXTERN void lejp_construct(struct lejp_ctx *ctx,
	signed char (*callback)(struct lejp_ctx *, char), void *user, const char *const *paths,
	unsigned char paths_count);

/**
 * Ends a parser: calls the outermost callback with `LEJPCB_DESTRUCTED`.
 *
 * - `ctx`: the parser.
 *
 * Re-entry: calls the callback.
 */
LWS_VISIBLE LWS_EXTERN void lejp_destruct(struct lejp_ctx *ctx);

/**
 * What a result of the parser means.
 *
 * - `e`: the result.
 *
 * Returns a constant text, empty when nothing is wrong.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN const char *lejp_error_to_string(int e);

/**
 * Copies what a `*` of the matching path stands for.
 *
 * - `ctx`: the parser.
 * - `wildcard`: which one, from 0.
 * - `dest`, `len`: area for the text and its NUL.
 *
 * Returns the length of the text plus one, or 0 when there is no such wildcard or no room.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lejp_get_wildcard(struct lejp_ctx *ctx, int wildcard, char *dest,
	int len);

/**
 * Parses a piece of JSON.
 *
 * - `ctx`: the parser.
 * - `json`, `len`: the piece; a document may be cut anywhere.
 *
 * Returns how many bytes were left when the document is complete; -1 (`LEJP_CONTINUE`) for more input; else a negative
 * `LEJP_REJECT_` number, after the callback was told `LEJPCB_FAILED`.
 *
 * Re-entry: calls the callback, which may push, pop and change callbacks.
 */
LWS_VISIBLE LWS_EXTERN int lejp_parse(struct lejp_ctx *ctx, const unsigned char *json, int len);

/**
 * Ends a nested parser: the one around it goes on.
 *
 * - `ctx`: the parser.
 *
 * Returns 0, or -1 when none is nested.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lejp_parser_pop(struct lejp_ctx *ctx);

/**
 * Begins a nested parser with its own paths and callback, from inside a callback.
 *
 * - `ctx`: the parser.
 * - `user`: for the program, in the parser stack.
 * - `paths`, `paths_count`: the new paths.
 * - `lejp_cb`: the new callback.
 *
 * Returns 0, or -1 when four are nested already.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lejp_parser_push(struct lejp_ctx *ctx, void *user,
	const char *const *paths, unsigned char paths_count, lejp_callback lejp_cb);

/**
 * Digests an area.
 *
 * - `d`, `n`: the area; null is taken as empty.
 * - `md`: gets 20 bytes.
 *
 * Returns `md`.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN unsigned char *lws_SHA1(const unsigned char *d, size_t n, unsigned char *md);

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
 * Changes how much memory connections of a protocol get.
 *
 * `wsi`: a connection of the protocol, or what PROTOCOL_INIT got. `new_size`: bytes for each connection made from now on.
 *
 * Returns memory of that size, zeroed: the per-session data of `wsi`; after PROTOCOL_INIT it ends with the callback.
 * NULL when there is no such connection or no memory.
 *
 * Re-entry: query; for the time before there are connections.
 */
LWS_VISIBLE LWS_EXTERN void *lws_adjust_protocol_psds(struct lws *wsi, size_t new_size);

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
 * Makes a decoder's state ready.
 *
 * - `state`: gets zeros.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN void lws_b64_decode_state_init(struct lws_b64state *state);

/**
 * Decodes a piece of a text.
 *
 * - `s`: the state since `lws_b64_decode_state_init`.
 * - `input`, `in_len`: the piece; `*in_len` gets how much was used.
 * - `out`, `out_size`: where the output goes on; `*out_size` is what all output since the beginning may need, and gets
 *   how much this piece gave. A NUL follows it.
 * - `last`: nonzero for the last piece.
 *
 * Returns 0, or -1 for null pointers.
 *
 * Re-entry: query, any thread.
 *
 * Quirks: the output size counts from the state's beginning. A NUL in the piece ends it.
 */
LWS_VISIBLE LWS_EXTERN int lws_b64_decode_stateful(struct lws_b64state *s, const char *in,
	size_t *in_len, uint8_t *out, size_t *out_size, int final);

/**
 * Decodes text of either alphabet up to its NUL.
 *
 * - `input`: C string.
 * - `out`, `out_size`: area for the bytes and a NUL; may be `input`.
 *
 * Returns how many bytes were decoded; decoding stops early when the area ends. 0 for null pointers.
 *
 * Re-entry: query, any thread.
 *
 * Quirks: bytes of no alphabet are skipped. A group is decoded only while 5 bytes are free.
 */
LWS_VISIBLE LWS_EXTERN int lws_b64_decode_string(const char *in, char *out, int out_size);

/**
 * Decodes text of either alphabet up to a length or its NUL.
 *
 * - `input`, `in_len`: the text; negative: up to its NUL.
 * - `out`, `out_size`: area for the bytes and a NUL; may be `input`.
 *
 * Returns as `lws_b64_decode_string`.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_b64_decode_string_len(const char *in, int in_len, char *out,
	int out_size);

/**
 * Encodes bytes in base64 with padding.
 *
 * - `input`, `in_len`: the bytes.
 * - `out`, `out_size`: area for the text and its NUL.
 *
 * Returns the length of the text, or -1 when the area is too small; it may hold a part then.
 *
 * Re-entry: query, any thread.
 *
 * Quirks: wants a byte more than text and NUL need.
 */
LWS_VISIBLE LWS_EXTERN int lws_b64_encode_string(const char *in, int in_len, char *out,
	int out_size);

/**
 * Encodes bytes in base64 with `-` and `_` instead of `+` and `/`, with padding.
 *
 * - `input`, `in_len`: the bytes.
 * - `out`, `out_size`: area for the text and its NUL.
 *
 * Returns as `lws_b64_encode_string`.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_b64_encode_string_url(const char *in, int in_len, char *out,
	int out_size);

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
 *
 * Quirks: what lws_get_protocol gave stands for one vhost only; the program's own struct for all.
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
 * The name of this machine, as it was when it was first asked for.
 *
 * `context`: the context.
 *
 * Returns a text that lives as long as the process; "unknown" where the context was made with
 * LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME or there is no name; NULL without a context.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN const char *lws_canonical_hostname(struct lws_context *context);

/**
 * Starts a script whose output answers the connection's request.
 *
 * `wsi`: the connection; one script at a time. `exec_array`: file and arguments, NULL at the end.
 * `script_uri_path_len`: length of the part of the request's path that names the script; negative for an environment
 * without anything of the path. `timeout_secs`: seconds it may run, 0 for 5. `mp_cgienv`: more environment variables,
 * or NULL. All are copied.
 *
 * Returns 0, or -1 when it could not be started, which is logged.
 *
 * Re-entry: dispatches (CGI_PROCESS_ATTACH, for a request without a body CGI_STDIN_COMPLETED), may close the wsi.
 */
LWS_VISIBLE LWS_EXTERN int lws_cgi(struct lws *wsi, const char *const *exec_array,
	int script_uri_path_len, int timeout_secs, const struct lws_protocol_vhost_options *mp_cgienv);

/**
 * The connection of one of the script's channels.
 *
 * `wsi`: the connection that has the script. `ch`: LWS_STDIN, LWS_STDOUT or LWS_STDERR.
 *
 * Returns the connection, NULL when the channel is closed or there is no script.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN struct lws *lws_cgi_get_stdwsi(struct lws *wsi,
	enum lws_enum_stdinouterr ch);

/**
 * Tells the script of a connection, and all that it has started, to end; what does not is killed.
 *
 * `wsi`: the connection that has the script. Its answer ends with what it has written.
 *
 * Returns 0, or 1 when the connection has no script.
 *
 * Re-entry: query; CGI_TERMINATED follows when the script has ended.
 */
LWS_VISIBLE LWS_EXTERN int lws_cgi_kill(struct lws *wsi);

/**
 * Sends a piece of the script's output: its header lines as the head of the response, then its body.
 *
 * `wsi`: the connection that has the script. To be called in HTTP_WRITEABLE, after CGI has told that output waits;
 * lets the output flow again.
 *
 * Returns 0, or -1 when the connection cannot send.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_cgi_write_split_stdout_headers(struct lws *wsi);

/**
 * Replaces the names in a piece of a page and puts the frame of a chunk around it.
 *
 * - `args`: the piece: `p`, `len`; becomes the new text, at most `max_len` bytes. With `chunked` 1 `p` moves back by the
 *   chunk's head: up to 10 bytes before it are overwritten (LWS_PRE is enough); `final` gives out what was held back.
 * - `s`: the names (`vars`, `count_vars`), the program's `replace` and `data`; zeroed before the first piece, the same
 *   for all pieces of a page.
 *
 * Returns 0; -1 when the new text does not fit: the piece stays as it is.
 *
 * Re-entry: calls `replace`, which must not use `args` or `s`.
 *
 * Quirks: names are matched with their `$`, up to 15 bytes; one that begins another is not replaced; a NULL from
 * `replace` is written as `NULL`.
 */
LWS_VISIBLE LWS_EXTERN int lws_chunked_html_process(struct lws_process_html_args *args,
	struct lws_process_html_state *s);

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
 * Connects to a server.
 *
 * `ccinfo`: what to connect to and how; copied, except `userdata`. The call returns before the connection is there: a name
 * is looked up and the socket connected without blocking.
 *
 * Returns the connection, or NULL after a log line when what is asked for cannot be tried. Whatever fails later is told by
 * CLIENT_CONNECTION_ERROR, once.
 *
 * Re-entry: dispatches (CLIENT_HTTP_BIND_PROTOCOL, SERVER_NEW_CLIENT_INSTANTIATED); may close the new wsi.
 *
 * Quirks: `*pwsi` is set before the first callback and stays when the connection ends.
 */
LWS_VISIBLE LWS_EXTERN
	struct lws *lws_client_connect_via_info(const struct lws_client_connect_info *ccinfo);

/**
 * Says whether the body of a client's request is still to be written.
 *
 * `wsi`: the connection. `something_left_to_send`: nonzero while CLIENT_HTTP_WRITEABLE is to come, 0 after the last part.
 *
 * Returns nothing.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lws_client_http_body_pending(struct lws *wsi,
	int something_left_to_send);

/**
 * Writes the lines before a part of a multipart form, or behind the last one.
 *
 * `wsi`: a connection with LCCSCF_HTTP_MULTIPART_MIME. `name`: the part's field; NULL ends the body. `filename`, `content_type`: its
 * file, or NULL. `p`: place of the pointer to where they go, moved on. `end`: end of the room.
 *
 * Returns 0; 1 without room, or for a request that is not of that kind: nothing is written then.
 *
 * Re-entry: query.
 *
 * Quirks: quotes and line ends in names are escaped as browsers do it.
 */
LWS_VISIBLE LWS_EXTERN int lws_client_http_multipart(struct lws *wsi, const char *name,
	const char *filename, const char *content_type, char **p, char *end);

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
 * Finds an option: its value may follow directly ("-x5"), after `=`, or be the next argument.
 *
 * - `argc`, `argv`: the arguments; the first is not looked at.
 * - `val`: the option with its dashes.
 *
 * Returns the value of the last argument that begins with `val`, lying in `argv`: its end when there is none. Null
 * when there is no such argument.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN const char *lws_cmdline_option(int argc, const char **argv, const char *val);

/**
 * Applies the options that all programs share: "-d" log levels (errors, warnings, notices and the program's own lines
 * without it), "--udp-tx-loss" and "--udp-rx-loss" percentages, "--ignore-sigterm".
 *
 * - `argc`, `argv`: the arguments.
 * - `info`: gets the percentages.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lws_cmdline_option_handle_builtin(int argc, const char **argv,
	struct lws_context_creation_info *info);

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
 * Makes a UDP socket a connection.
 *
 * `vhost`: the vhost. `ads`: whom to send to, a name or a numeric address; with LWS_CAUDP_BIND the address to receive
 * at; NULL for any. `port`: its port; -1 for any. `flags`: LWS_CAUDP_BIND, LWS_CAUDP_BROADCAST. `protocol_name`:
 * protocol to bind, NULL for the first. `ifname`: interface (or its address) to receive at, or NULL. `parent_wsi`: parent
 * connection or NULL. `opaque`: for lws_get_opaque_user_data. `retry_policy`: for
 * lws_retry_sul_schedule_retry_wsi, or NULL; kept.
 *
 * Returns the connection, or NULL after a log line. It hears RAW_ADOPT, RAW_RX, RAW_WRITEABLE, RAW_CLOSE.
 *
 * Re-entry: dispatches (WSI_CREATE, RAW_SKT_BIND_PROTOCOL, RAW_ADOPT), may close the new wsi.
 *
 * Quirks: a name is looked up without blocking; RAW_ADOPT (or the end) follows in a later service pass then. The reference
 * blocks in the call.
 */
LWS_VISIBLE LWS_EXTERN struct lws *lws_create_adopt_udp(struct lws_vhost *vhost, const char *ads,
	int port, int flags, const char *protocol_name, const char *ifname, struct lws *parent_wsi,
	void *opaque, const lws_retry_bo_t *retry_policy);

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
 * Makes the program a daemon: forks, and ends the process that called, with code 0 when the daemon stands.
 *
 * - `lock_path`: a file that will hold the daemon's pid, or null for none. When it names a living process, the
 *   caller ends with code 1; the file of a dead one is replaced. It is removed on SIGTERM, unless the program handles
 *   that itself.
 *
 * Returns 0 in the daemon: a session of its own, in /tmp, with umask 0 and /dev/null as stdin, stdout and stderr; 1
 * when no process could be made.
 *
 * Re-entry: none; call it first of all, before contexts and threads exist.
 *
 * Quirks: goes on without a lock when the file cannot be created, after a line on stderr.
 */
LWS_VISIBLE LWS_EXTERN int lws_daemonize(const char *_lock_path);

/**
 * Ends the connection that carries the wake-up descriptor; it ends with its context instead.
 *
 * `wsi`: a connection; nothing is done with it.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lws_destroy_event_pipe(struct lws *wsi);

/**
 * Calls a function for each entry of a directory, in the order of their names.
 *
 * - `dirpath`: C string.
 * - `user`: for the callback.
 * - `cb`: gets `dirpath`, `user` and the entry, valid during the call; nonzero ends the walk.
 *
 * Returns 0 when all were seen, 1 when the callback ended it or the directory cannot be read.
 *
 * Re-entry: calls `cb` only; it may remove entries and walk other directories.
 */
LWS_VISIBLE LWS_EXTERN int lws_dir(const char *dirpath, void *user, lws_dir_callback_function cb);

/**
 * A callback for `lws_dir` that gives the paths of fitting entries to another one; directories are left out.
 *
 * - `dirpath`, `lde`: from the walk.
 * - `user`: the `lws_dir_glob` with pattern and callback.
 *
 * Returns 0: what the other callback returns is not looked at.
 *
 * Re-entry: calls the other callback.
 *
 * Quirks: a pattern has one `*` with something after it; others fit nothing.
 */
LWS_VISIBLE LWS_EXTERN int lws_dir_glob_cb(const char *dirpath, void *user,
	struct lws_dir_entry *lde);

/**
 * A callback for `lws_dir` that removes all it sees, directories with their contents. Links are not followed.
 *
 * - `dirpath`, `lde`: from the walk.
 * - `user`: not used.
 *
 * Returns 0: what cannot be removed is logged and left.
 *
 * Re-entry: calls nobody.
 */
LWS_VISIBLE LWS_EXTERN int lws_dir_rm_rf_cb(const char *dirpath, void *user,
	struct lws_dir_entry *lde);

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
 * Overwrites an area with zeros in a way no optimiser removes.
 *
 * - `p`, `len`: the area; null or 0 does nothing.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN void lws_explicit_bzero(void *p, size_t len);

/**
 * Calls an extension's callback with OPTION_SET for each option of a text such as `name; bits=9`.
 *
 * `ext`: the extension. `wsi`: the connection. `ext_user`: what the callback gets as `user`. `opts`: the options that
 * are known, up to one without a name; in OPTION_SET, `option_index` is the place there and `start`, `len` the value.
 * `o`, `len`: the text.
 *
 * Returns 0, or -1 at an option that is unknown, has a value and must not, or one that is no number. What the
 * callback returns plays no part.
 *
 * Re-entry: may dispatch.
 *
 * Quirks: blanks around options are skipped and a whole name is compared; the reference takes `alph` for nothing and
 * `alphabet` for an error where there is an `alpha`.
 */
LWS_VISIBLE LWS_EXTERN int lws_ext_parse_options(const struct lws_extension *ext, struct lws *wsi,
	void *ext_user, const struct lws_ext_options *opts, const char *o, int len);

/**
 * The built-in permessage-deflate: naming it in info.extensions is all that most programs need.
 *
 * A callback of the program's may pass its own calls on to it: `context`, `ext`, `wsi`, `reason`, `user`, `in`, `len` as
 * it got them. CONSTRUCT makes what is kept for the connection, DESTROY frees it.
 *
 * Returns 0, 2 when there is more for the same input, -1 when something cannot be done.
 *
 * Re-entry: query.
 *
 * Quirks: called like this it knows no window sizes from the offer, as every extension (see docs/quirks-ws.md).
 */
LWS_VISIBLE LWS_EXTERN int lws_extension_callback_pm_deflate(struct lws_context *context,
	const struct lws_extension *ext, struct lws *wsi, enum lws_extension_callback_reasons reason,
	void *user, void *in, size_t len);

/**
 * Makes a file name harmless: `..`, `:`, backslash, `$` and `%` become `_`.
 *
 * - `filename`: C string, changed in place; null does nothing.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN void lws_filename_purify_inplace(char *filename);

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
 * Ends the startup phase of a program that makes its vhosts itself: privileges are given up here.
 *
 * `context`: the context.
 *
 * Returns 0, or 1 when privileges could not be given up. Without EXPLICIT_VHOSTS that has happened in
 * lws_create_context, and it is 0.
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
 * The user and group that the process has, or will have, when privileges are given up.
 *
 * `context`: the context. `uid`, `gid`: where the ids go, the caller's; as given in info where no name was.
 *
 * Returns nothing; without a context the places are left alone.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lws_get_effective_uid_gid(struct lws_context *context, int *uid,
	int *gid);

/**
 * The context's file operations.
 *
 * `context`: the context.
 *
 * Returns the head of its list, which the program may change or copy to subclass it and which lives as long as the
 * context; NULL for no context.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN struct lws_plat_file_ops *lws_get_fops(struct lws_context *context);

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
 * Returns `name`, NULL without a connection; what does not fit is cut.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN const char *lws_get_peer_simple(struct lws *wsi, char *name, size_t namelen);

/**
 * Writes who is at the other end of a socket.
 *
 * - `fd`: the descriptor.
 * - `name`, `namelen`: where to write the numeric address, owned by the caller, and its size. A unix socket has an
 *   empty one; without a peer it is `getpeername: ` and the reason.
 *
 * Returns `name`.
 *
 * Re-entry: query; any thread.
 */
LWS_VISIBLE LWS_EXTERN const char *lws_get_peer_simple_fd(lws_sockfd_type fd, char *name,
	size_t namelen);

/**
 * How much the peer takes before a write would wait for its credit.
 *
 * `wsi`: the connection.
 *
 * Returns -1: http/1, ws and raw connections have no such limit.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN lws_fileofs_t lws_get_peer_write_allowance(struct lws *wsi);

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
 * Fills a buffer with random bytes from the kernel.
 *
 * `context`: not looked at. `buf`, `len`: the buffer.
 *
 * Returns how many bytes were filled: `len` unless the kernel has no randomness.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN size_t lws_get_random(struct lws_context *context, void *buf, size_t len);

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
 * The connection's SSL.
 *
 * `wsi`: the connection.
 *
 * Returns OpenSSL's SSL, which lives as long as the connection, or NULL for a plain one. It may be looked at with OpenSSL's functions
 * (version, cipher, certificates, descriptor); reading and writing is the library's.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN SSL *lws_get_ssl(struct lws *wsi);

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
 * Who sent the last datagram, or is sent to.
 *
 * `wsi`: a UDP connection.
 *
 * Returns its record, which the library changes with every datagram and which lives as long as the connection; NULL
 * for other connections.
 *
 * Re-entry: query.
 *
 * Quirks: `sa` has room for IPv4; of IPv6 addresses only the beginning is there.
 */
LWS_VISIBLE LWS_EXTERN const struct lws_udp *lws_get_udp(const struct lws *wsi);

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
 * The port of a vhost: what the kernel chose, where 0 was asked for.
 *
 * `vhost`: the vhost.
 *
 * Returns the port, or info.port where it does not listen; 0 without a vhost.
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
 * Writes random hexadecimal digits in pairs, and a NUL.
 *
 * `context`: not looked at. `dest`, `len`: where they go; `len` - 1 digits when that is even, else `len` - 2.
 *
 * Returns 0, or 1 when there is no room for the NUL or no randomness.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_hex_random(struct lws_context *context, char *dest, size_t len);

/**
 * Turns pairs of hex digits into bytes.
 *
 * - `h`: string of hex digits.
 * - `dest`: area of `max` bytes.
 * - `max`: must be more than the number of pairs.
 *
 * Returns how many bytes were written, or -1: a byte that is no digit, an odd number of them, or `max` reached.
 *
 * Re-entry: query, any thread.
 *
 * Quirks: an exactly fitting `max` is an error although all bytes are written.
 */
LWS_VISIBLE LWS_EXTERN int lws_hex_to_byte_array(const char *h, uint8_t *dest, int max);

/**
 * Writes the value of an Authorization header for a user and a password.
 *
 * `user`, `pw`: the two. `buf`, `len`: where the value goes, with a NUL.
 *
 * Returns 0, 1 when the value does not fit, 2 when the two are longer than 1024 bytes together.
 *
 * Re-entry: query, any thread.
 *
 * Quirks: the reference says 2 from 125 bytes on.
 */
LWS_VISIBLE LWS_EXTERN int lws_http_basic_auth_gen(const char *user, const char *pw, char *buf,
	size_t len);

/**
 * The status code of the answer.
 *
 * `wsi`: a client connection.
 *
 * Returns the code; 0 before the answer is there.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN unsigned int lws_http_client_http_response(struct lws *wsi);

/**
 * Reads what has come of the answer's body.
 *
 * `wsi`: the connection. `buf`: place of the pointer to the caller's buffer. `len`: its length; set to how much was
 * received into it, chunk heads included. The body in it is told by RECEIVE_CLIENT_HTTP_READ.
 *
 * Returns 0, or -1 when the connection is to be closed.
 *
 * Re-entry: dispatches (RECEIVE_CLIENT_HTTP_READ, COMPLETED_CLIENT_HTTP).
 */
LWS_VISIBLE LWS_EXTERN int lws_http_client_read(struct lws *wsi, char **buf, int *len);

/**
 * Has the body of the answer compressed, if the client accepts that: gzip or deflate. Called while headers are written,
 * before a content-length is; the body must be written with LWS_WRITE_HTTP, its last piece with LWS_WRITE_HTTP_FINAL.
 *
 * `wsi`: the connection. `name`: the coding, NULL for any. `p`, `end`: where headers are written, as for
 * lws_add_http_header_status. `decomp`: must be 0: requests are not decompressed.
 *
 * Returns 0, also when nothing is compressed, or 1 when there is no room.
 *
 * Re-entry: query.
 *
 * Quirks: does nothing in the reference as Debian builds it.
 */
LWS_VISIBLE LWS_EXTERN int lws_http_compression_apply(struct lws *wsi, const char *name,
	unsigned char **p, unsigned char *end, char decomp);

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
 * Says whether a redirect has made a GET of a client's request (303).
 *
 * `wsi`: the connection.
 *
 * Returns 1 if so, else 0.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_http_is_redirected_to_get(struct lws *wsi);

/**
 * The connection is now a stream of events (Server-Sent Events): no time limit applies to the answer any more.
 *
 * `wsi`: the connection.
 *
 * Returns 0.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_http_mark_sse(struct lws *wsi);

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
 * Writes a number with the unit that suits it.
 *
 * - `buf`, `len`: area for the text and its NUL.
 * - `value`: the number.
 * - `schema`: units, largest first, ended by a null name.
 *
 * Returns the length of the unit's column, 0 when no unit suits or a pointer is null.
 *
 * Re-entry: query, any thread.
 *
 * Quirks: the returned length leaves out the number. Digits that do not fit their column show as `!`.
 */
LWS_VISIBLE LWS_EXTERN int lws_humanize(char *buf, int len, uint64_t value,
	const lws_humanize_unit_t *schema);

/**
 * Gives a vhost what its client connections need for TLS.
 *
 * `info`: the client_ssl_* members and `options` are read; the ssl_* ones where those are not set. `vhost`: the vhost.
 *
 * Returns 0, also when it has that already or `options` lacks LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT; 1 after a log line.
 *
 * Re-entry: dispatches OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS.
 */
LWS_VISIBLE LWS_EXTERN int lws_init_vhost_client_ssl(const struct lws_context_creation_info *info,
	struct lws_vhost *vhost);

/**
 * Finds the address of an interface, by its name or as a numeric address.
 *
 * - `ipv6`: not 0 for an IPv6 socket: an interface's IPv4 address is mapped then.
 * - `ifname`: the text.
 * - `addr`, `addrlen`: gets family and address; room for a `sockaddr_in6` when the address may be IPv6. For an IPv4
 *   address of an interface the whole `sockaddr_in` is written, port 0.
 *
 * Returns LWS_ITOSA_USABLE (0); LWS_ITOSA_NOT_EXIST (-1), also when the address does not fit; LWS_ITOSA_NOT_USABLE
 * (-2) for an interface without an address.
 *
 * Re-entry: query; any thread.
 *
 * Quirks: an IPv4 number is not mapped for IPv6; a number need not be an address of this machine.
 */
LWS_VISIBLE LWS_EXTERN int lws_interface_to_sa(int ipv6, const char *ifname,
	struct sockaddr_in *addr, size_t addrlen);

/**
 * Whether a CGI script answers for the connection.
 *
 * `wsi`: the connection.
 *
 * Returns 1 or 0.
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
 * Returns 1 inside TLS, from before its handshake on; 0 for a plain one.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_is_ssl(struct lws *wsi);

/**
 * Copies a string with escapes for a JSON string.
 *
 * - `escaped`, `len`: area for the text and its NUL; `len` of 0 or less writes nothing.
 * - `string`: C string; null gives an empty text.
 * - `in_used`: null, or gets how many bytes of `string` were used (not for a null one).
 *
 * Returns `escaped`.
 *
 * Re-entry: query, any thread.
 *
 * Quirks: ends when 6 or fewer bytes are left in the area. Bytes over 0x7f become `\u00XX`.
 */
LWS_VISIBLE LWS_EXTERN const char *lws_json_purify(char *escaped, const char *string, int len,
	int *in_used);

/**
 * The length a string would have with escapes for JSON.
 *
 * - `string`: C string; null is taken as empty.
 *
 * Returns the length without a NUL.
 *
 * Re-entry: query, any thread.
 *
 * Quirks: counts 6 for a backslash, which is written with 2.
 */
LWS_VISIBLE LWS_EXTERN int lws_json_purify_len(const char *string);

/**
 * Finds the value after a name, without parsing the text.
 *
 * - `buf`, `len`: the JSON text.
 * - `name`: C string with quotes and colon, `"\"myname\":"`.
 * - `alen`: gets the value's length when one is found.
 *
 * Returns where the value begins (behind its quote if it has one), or null.
 *
 * Re-entry: query, any thread.
 *
 * Quirks: line ends before the value belong to it, and blanks after it.
 */
LWS_VISIBLE LWS_EXTERN const char *lws_json_simple_find(const char *buf, size_t len,
	const char *name, size_t *alen);

/**
 * Compares the value after a name with a string.
 *
 * - `buf`, `len`, `name`: as for `lws_json_simple_find`.
 * - `comp`: C string.
 *
 * Returns 0 when they are equal; -1 when there is no such value or its length differs; else the difference of the
 * first bytes that differ.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_json_simple_strcmp(const char *buf, size_t len, const char *name,
	const char *comp);

/**
 * Puts an item into a list that goes through a pointer member of the program's structs.
 *
 * - `phead`: the list: a pointer to the first item's member, or null.
 * - `add`: the member of the new item.
 * - `sort`: null to put it first; else called with two members, over 0 when the first belongs behind the second.
 *
 * Re-entry: calls `sort`.
 */
LWS_VISIBLE LWS_EXTERN void lws_list_ptr_insert(lws_list_ptr *phead, lws_list_ptr *add,
	lws_list_ptr_sort_func_t sort);

/**
 * The wall clock in seconds.
 *
 * Returns seconds since 1970.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN unsigned long lws_now_secs(void);

/**
 * The clock of timers in microseconds.
 *
 * Returns microseconds since some moment that stays while the process runs.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN lws_usec_t lws_now_usecs(void);

/**
 * Finds bytes in bytes; neither needs a NUL.
 *
 * - `buf`, `len`: where to look.
 * - `name`, `nl`: what to look for.
 *
 * Returns where it begins first, or null; null for an empty `name`.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN const char *lws_nstrstr(const char *buf, size_t len, const char *name,
	size_t nl);

/**
 * Turns numeric text into the bytes of the address.
 *
 * - `ads`: the text.
 * - `result`, `max_len`: where to write them, owned by the caller, and its size. Untouched on error.
 *
 * Returns 4 or 16, the number of bytes; -1 when the text is no address, -3 or -4 when an IPv4 or IPv6 one does not
 * fit.
 *
 * Re-entry: query; any thread.
 *
 * Quirks: reads valid addresses the reference refuses (capital digits, dotted ends), and refuses `1::2::3`.
 */
LWS_VISIBLE LWS_EXTERN int lws_parse_numeric_address(const char *ads, uint8_t *result,
	size_t max_len);

/**
 * Cuts "prot://host:port/path" into strings, in place.
 *
 * - `p`: C string that is changed; the pieces lie in it.
 * - `prot`, `ads`: get protocol and host, empty when missing.
 * - `port`: gets the port, or that of http, ws, https, wss; else it is left.
 * - `path`: gets the path without its `/`, or a constant "/" when there is none.
 *
 * Returns 0, or -1 for a null pointer.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_parse_uri(char *p, const char **prot, const char **ads, int *port,
	const char **path);

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
 * Reads the beginning of a file.
 *
 * - `filename`: C string.
 * - `buf`, `len`: where to; no NUL is added.
 *
 * Returns how many bytes were read, or -1.
 *
 * Re-entry: query, any thread; blocks as the disk does.
 */
LWS_VISIBLE LWS_EXTERN int lws_plat_read_file(const char *filename, void *buf, int len);

/**
 * The size of RSA keys that suits this platform.
 *
 * Returns the bits.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_plat_recommended_rsa_bits(void);

/**
 * Writes a new certificate or key to an open file and through to the disk.
 *
 * - `vhost`, `is_key`: not used here.
 * - `fd`: the file, open for writing; stays open.
 * - `buf`, `len`: the contents.
 *
 * Returns 0, or 1 when not all was written or the disk did not confirm (a pipe cannot).
 *
 * Re-entry: query, any thread; blocks as the disk does.
 */
LWS_VISIBLE LWS_EXTERN int lws_plat_write_cert(struct lws_vhost *vhost, int is_key, int fd,
	void *buf, int len);

/**
 * Replaces the contents of a file, which is made with mode 0600 if it is not there.
 *
 * - `filename`: C string.
 * - `buf`, `len`: the contents.
 *
 * Returns 0, or 1 when it could not be opened or not all was written, and for a negative length.
 *
 * Re-entry: query, any thread; blocks as the disk does.
 */
LWS_VISIBLE LWS_EXTERN int lws_plat_write_file(const char *filename, void *buf, int len);

/**
 * Takes down a list of plugins.
 *
 * `pplugin`: the list, NULL afterwards. `each`, `each_user`: called with every plugin before it is unloaded, or NULL.
 *
 * Returns 0.
 *
 * Re-entry: runs `each` and the plugins' destructors.
 */
LWS_VISIBLE LWS_EXTERN int lws_plugins_destroy(struct lws_plugin **pplugin, each_plugin_cb_t each,
	void *each_user);

/**
 * Loads the plugins of a class.
 *
 * `pplugin`: in and out: list that those found are put in front of; lws_plugins_destroy takes it down. `d`: array of
 * directories that ends with NULL. `_class`: what the plugins say they are. `filter`: name of the one export that is
 * wanted, NULL for all. `each`, `each_user`: called with every plugin after it is on the list, or NULL; what it returns
 * is ignored.
 *
 * Returns 0, whatever was found; 1 when an argument is NULL.
 *
 * Re-entry: runs the plugins' constructors and `each`.
 *
 * Quirks: the reference gives up a directory at the first file that does not fit; ours goes on with the next.
 */
LWS_VISIBLE LWS_EXTERN int lws_plugins_init(struct lws_plugin **pplugin, const char *const *d,
	const char *_class, const char *filter, each_plugin_cb_t each, void *each_user);

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
 * Returns 0 when output waits: the connection closes by itself when that has gone. Else -1, to be returned by the callback.
 *
 * Re-entry: query; may close the wsi, in a later pass.
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
 * counted up. `conceal`: gets 1 while tries go on, 0 when they are used up, and without a policy; may be NULL.
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
 * Returns 0, or 1 when the tries are used up, or there is no policy, and nothing was scheduled.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_retry_sul_schedule(struct lws_context *context, int tid,
	lws_sorted_usec_list_t *sul, const lws_retry_bo_t *retry, sul_cb_t cb, uint16_t *ctry);

/**
 * lws_retry_sul_schedule with the policy of a connection: its own, else for outgoing ones the built-in one, for others their
 * vhost's or context's.
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
 * Says how many bytes were put at the place of `lws_ring_next_linear_insert_range`.
 *
 * - `ring`: the ring.
 * - `bytes`: how many.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lws_ring_bump_head(struct lws_ring *ring, size_t bytes);

/**
 * Takes waiting elements out, from a tail's point of view.
 *
 * - `ring`: the ring.
 * - `tail`: a tail, which is moved; null for the oldest, whose elements are destroyed.
 * - `dest`: null, or gets the elements.
 * - `max_count`: how many at most.
 *
 * Returns how many were taken.
 *
 * Re-entry: with a null `tail` calls the ring's `destroy_element`.
 */
LWS_VISIBLE LWS_EXTERN size_t lws_ring_consume(struct lws_ring *ring, uint32_t *tail, void *dest,
	size_t max_count);

/**
 * Makes a ring buffer, which holds one element less than it has slots.
 *
 * - `element_len`: bytes of an element.
 * - `count`: slots.
 * - `destroy_element`: null, or called for each element that goes out of the ring.
 *
 * Returns the ring, owned by the caller until `lws_ring_destroy`; null for sizes of 0, over 4 GB, or no memory.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN struct lws_ring *lws_ring_create(size_t element_len, size_t count,
	void (*destroy_element)(void *));

/**
 * Destroys a ring; the elements still in it are destroyed first.
 *
 * - `ring`: from `lws_ring_create`; null does nothing.
 *
 * Re-entry: calls the ring's `destroy_element`, which must not destroy the ring.
 */
LWS_VISIBLE LWS_EXTERN void lws_ring_destroy(struct lws_ring *ring);

/**
 * Logs a ring's state as a notice.
 *
 * - `ring`: the ring.
 * - `tail`: a tail, or null for the oldest.
 *
 * Re-entry: query; the log function is called.
 */
LWS_VISIBLE LWS_EXTERN void lws_ring_dump(struct lws_ring *ring, uint32_t *tail);

/**
 * How many elements can be inserted.
 *
 * - `ring`: the ring.
 *
 * Returns their number.
 *
 * Re-entry: query.
 *
 * Quirks: with one-byte elements the last free one is not counted.
 */
LWS_VISIBLE LWS_EXTERN size_t lws_ring_get_count_free_elements(struct lws_ring *ring);

/**
 * How many elements are waiting for a tail.
 *
 * - `ring`: the ring.
 * - `tail`: a tail, or null for the oldest.
 *
 * Returns their number; 0 for a tail outside of the ring.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN size_t lws_ring_get_count_waiting_elements(struct lws_ring *ring,
	uint32_t *tail);

/**
 * Where the next element for a tail lies in the ring.
 *
 * - `ring`: the ring.
 * - `tail`: a tail, or null for the oldest.
 *
 * Returns the element, valid until it is destroyed or overwritten; null when none is waiting.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN const void *lws_ring_get_element(struct lws_ring *ring, uint32_t *tail);

/**
 * The oldest tail: where a new one begins.
 *
 * - `ring`: the ring.
 *
 * Returns the tail.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN uint32_t lws_ring_get_oldest_tail(struct lws_ring *ring);

/**
 * Copies elements into the ring.
 *
 * - `ring`: the ring.
 * - `src`, `max_count`: the elements.
 *
 * Returns how many were inserted: all or as many as fitted.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN size_t lws_ring_insert(struct lws_ring *ring, const void *src,
	size_t max_count);

/**
 * Where bytes can be put directly into the ring.
 *
 * - `ring`: the ring.
 * - `start`: gets the place.
 * - `bytes`: gets how many bytes fit there; more may fit at the ring's beginning afterwards.
 *
 * Returns 0, or 1 when nothing fits.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_ring_next_linear_insert_range(struct lws_ring *ring, void **start,
	size_t *bytes);

/**
 * Says that no tail needs the elements before this one.
 *
 * - `ring`: the ring.
 * - `tail`: the oldest tail; one outside of the ring changes nothing.
 *
 * Re-entry: calls the ring's `destroy_element`.
 */
LWS_VISIBLE LWS_EXTERN void lws_ring_update_oldest_tail(struct lws_ring *ring, uint32_t tail);

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
 * Tells whether two socket addresses have the same address; ports and scopes do not count.
 *
 * - `sa46a`, `sa46b`: the addresses.
 *
 * Returns 0 when they have, else not 0: 1, or for two IPv6 ones the sign of the difference.
 *
 * Re-entry: query; any thread.
 *
 * Quirks: an IPv4 address and the same one mapped into IPv6 differ; two of one other family are the same.
 */
LWS_VISIBLE LWS_EXTERN int lws_sa46_compare_ads(const lws_sockaddr46 *sa46a,
	const lws_sockaddr46 *sa46b);

/**
 * Turns numeric text into a socket address.
 *
 * - `ads`: the text.
 * - `sa46`: gets family and address; port and all else stay. Untouched on error.
 *
 * Returns 0, or -1 when the text is no address.
 *
 * Re-entry: query; any thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_sa46_parse_numeric_address(const char *ads, lws_sockaddr46 *sa46);

/**
 * Writes the numeric text of a socket address, without its port.
 *
 * - `sa46`: the address.
 * - `buf`, `len`: where to write it, owned by the caller, and its size; 46 is always enough.
 *
 * Returns as `lws_write_numeric_address`; -1 and an empty text for other families.
 *
 * Re-entry: query; any thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_sa46_write_numeric_address(lws_sockaddr46 *sa46, char *buf,
	size_t len);

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
 * Delivers what flow control held back; the library does so by itself.
 *
 * `pt`: a record that programs cannot have; not looked at.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lws_service_do_ripe_rxflow(struct lws_context_per_thread *pt);

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
 * Sets an option of an extension that is active on a connection.
 *
 * `wsi`: the connection. `ext_name`: the extension. `opt_name`: its option. `opt_val`: the value, as text.
 *
 * Returns 0, or -1 when the connection does not have the extension or that not the option; for an extension of the
 * program's what its callback returns.
 *
 * Re-entry: may dispatch (NAMED_OPTION_SET of an extension of the program's).
 *
 * Quirks: permessage-deflate knows server_no_context_takeover, server_max_window_bits, compression_level, rx_buf_size and
 * tx_buf_size (powers of two), and takes client_no_context_takeover, client_max_window_bits and mem_level without
 * effect; on a client's connection `client_` and `server_` change places. The reference crashes on others.
 */
LWS_VISIBLE LWS_EXTERN int lws_set_extension_option(struct lws *wsi, const char *ext_name,
	const char *opt_name, const char *opt_val);

/**
 * Replaces the context's file operations.
 *
 * `context`: the context. `fops`: a list that stays valid as long as the context; NULL brings back the list from before.
 *
 * Re-entry: query.
 *
 * Quirks: the list is replaced as a whole; link what `lws_get_fops` gave behind yours to keep it.
 */
LWS_VISIBLE LWS_EXTERN void lws_set_fops(struct lws_context *context,
	const struct lws_plat_file_ops *fops);

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
 * Gives a vhost's outgoing connections an http proxy, in place of the one that info or the environment named.
 *
 * `vhost`: the vhost. `proxy`: `[user:password@]host:port`, with or without `http://`; copied. Connections that are being made
 * keep the proxy they began with.
 *
 * Returns 0, or -1 after a log line when `proxy` is NULL or not of this form: then nothing changes.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_set_proxy(struct lws_vhost *vhost, const char *proxy);

/**
 * Gives a vhost's outgoing connections a SOCKS5 proxy, in place of the one that the environment named.
 *
 * `vhost`: the vhost. `socks`: `[user:password@]host:port`; copied. An http proxy comes first where there are both.
 *
 * Returns 0, or -1 after a log line when `socks` is NULL or not of this form: then nothing changes.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_set_socks(struct lws_vhost *vhost, const char *socks);

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
 * Makes a message.
 *
 * `ctx`: the context. `_class`: its classes (LWSSMDCL_*, or bits of the program's own). `len`: bytes, at most 384.
 *
 * Returns the payload to be written, a NUL behind it: lws_smd_msg_send or lws_smd_msg_free takes it back. NULL when no
 * peer wants such a message, it is too long, or there is no memory.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN void *lws_smd_msg_alloc(struct lws_context *ctx, lws_smd_class_t _class,
	size_t len);

/**
 * Gives up a message that was not sent.
 *
 * `payload`: where the payload is; becomes NULL.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN void lws_smd_msg_free(void **payload);

/**
 * Sends a message to all peers that want it.
 *
 * `ctx`: the context. `payload`: from lws_smd_msg_alloc, the library's from here on.
 *
 * Returns 0; 1 when too many messages wait (12): the payload stays the caller's then.
 *
 * Re-entry: query, any thread; peers are told by the service loop.
 */
LWS_VISIBLE LWS_EXTERN int lws_smd_msg_send(struct lws_context *ctx, void *payload);

/**
 * Registers a peer, which gets what is sent from now on.
 *
 * `ctx`: the context. `opaque`: given to `cb`. `flags`: not used. `_class_filter`: the classes it wants. `cb`: gets the
 * messages on service thread 0; its result does not count.
 *
 * Returns its handle for lws_smd_unregister, NULL for a stale context or too many peers (1024).
 *
 * Re-entry: query, any thread; `cb` may do anything.
 */
LWS_VISIBLE LWS_EXTERN struct lws_smd_peer *lws_smd_register(struct lws_context *ctx, void *opaque,
	int flags, lws_smd_class_t _class_filter, lws_smd_notification_cb_t cb);

/**
 * Takes a peer out; what waits for it is dropped.
 *
 * `pr`: its handle. Peers that are left when the context ends go with it.
 *
 * Re-entry: query, any thread, also in its own callback.
 */
LWS_VISIBLE LWS_EXTERN void lws_smd_unregister(struct lws_smd_peer *pr);

/**
 * Makes a form parser.
 *
 * - `wsi`: the connection whose Content-Type says how the form is encoded; NULL: urlencoded.
 * - `param_names`, `count_params`: the fields wanted; both arrays must stay until the parser is destroyed.
 * - `max_storage`: bytes for all values, each with its NUL and one more byte free behind it; also the size of file chunks.
 * - `opt_cb`, `opt_data`: takes uploaded files; NULL: they are dropped.
 *
 * Returns the parser, or NULL without memory or with a stale `wsi`.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN struct lws_spa *lws_spa_create(struct lws *wsi,
	const char *const *param_names, int count_params, int max_storage, lws_spa_fileupload_cb opt_cb,
	void *opt_data);

/**
 * Makes a form parser.
 *
 * - `wsi`: the connection whose Content-Type says how the form is encoded; NULL: urlencoded.
 * - `info`: what it is made with, copied; what it points to must stay until the parser is destroyed.
 *
 * Returns the parser, or NULL without memory or with a stale `wsi`.
 *
 * Re-entry: query.
 *
 * Quirks: with `info->ac` the destruction frees the whole chain.
 */
LWS_VISIBLE LWS_EXTERN struct lws_spa *lws_spa_create_via_info(struct lws *wsi,
	const lws_spa_create_info_t *info);

/**
 * Destroys a parser and its values.
 *
 * `spa`: the parser.
 *
 * Returns 0; -1 for NULL.
 *
 * Re-entry: calls the file callback (LWS_UFS_CLOSE) when the form was not finalized. In the callback itself: the parser
 * stays until the call ends that the callback came from, which fails.
 */
LWS_VISIBLE LWS_EXTERN int lws_spa_destroy(struct lws_spa *spa);

/**
 * Says that the form has ended: completes the last value.
 *
 * `spa`: the parser.
 *
 * Returns 0; -1 when the last value does not fit.
 *
 * Re-entry: calls the file callback (LWS_UFS_CLOSE, once), which may do anything.
 *
 * Quirks: a multipart value without a boundary behind it is dropped.
 */
LWS_VISIBLE LWS_EXTERN int lws_spa_finalize(struct lws_spa *spa);

/**
 * The length of a field's value.
 *
 * - `spa`: the parser.
 * - `n`: number of the field in `param_names`.
 *
 * Returns bytes without the NUL; of all values when the field came several times; 0 where there is none.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_spa_get_length(struct lws_spa *spa, int n);

/**
 * A field's value.
 *
 * - `spa`: the parser.
 * - `n`: number of the field in `param_names`.
 *
 * Returns the text with a NUL, which lives as long as the parser: the first when the field came several times; NULL
 * where there is none.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN const char *lws_spa_get_string(struct lws_spa *spa, int n);

/**
 * Parses a piece of the form.
 *
 * - `spa`: the parser.
 * - `in_`, `len`: the piece, cut anywhere.
 *
 * Returns 0; -1 when the data is malformed, a value does not fit, or the file callback returned less than 0. All that
 * follows fails too.
 *
 * Re-entry: calls the file callback (LWS_UFS_OPEN, CONTENT, FINAL_CONTENT), which may do anything.
 *
 * Quirks: field names are not decoded; an empty value is as if it were not there.
 */
LWS_VISIBLE LWS_EXTERN int lws_spa_process(struct lws_spa *spa, const char *in, int len);

/**
 * Copies a string with its quotes doubled for SQL.
 *
 * - `escaped`, `len`: area for the text and its NUL; `len` of 0 or less writes nothing.
 * - `string`: C string; null is taken as empty.
 *
 * Returns `escaped`.
 *
 * Re-entry: query, any thread.
 *
 * Quirks: ends when 2 or fewer bytes are left in the area.
 */
LWS_VISIBLE LWS_EXTERN const char *lws_sql_purify(char *escaped, const char *string, int len);

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
 * Copies a piece of text into the output area with its names replaced.
 *
 * - `exp`: the state.
 * - `input`, `len`: the piece.
 * - `pused_in`, `pused_out`: get how much of the piece and of the area is used; null is allowed.
 *
 * Returns `LSTRX_DONE`; `LSTRX_FILLED_OUT`: empty the area, reset it and call again with the rest of the piece;
 * `LSTRX_FATAL_NAME_TOO_LONG` (over 31 bytes, or no room for two bytes after a `$`; nothing is reported then);
 * `LSTRX_FATAL_NAME_UNKNOWN` when the callback says so.
 *
 * Re-entry: calls `cb`, which must not use `exp`.
 *
 * Quirks: `$$x` gives `$$$x`. The output gets a NUL if there is room. Other numbers of the callback count as done.
 */
LWS_VISIBLE LWS_EXTERN int lws_strexp_expand(lws_strexp_t *exp, const char *in, size_t len,
	size_t *pused_in, size_t *pused_out);

/**
 * Makes an expansion ready.
 *
 * - `exp`: gets the state.
 * - `private`, `cb`: called for each name, with the place in the output.
 * - `out`, `olen`: output area; a null `out` only counts.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN void lws_strexp_init(lws_strexp_t *exp, void *priv, lws_strexp_expand_cb cb,
	char *out, size_t olen);

/**
 * Gives an expansion a new output area, from its beginning.
 *
 * - `exp`: the state.
 * - `out`, `olen`: output area; a null `out` only counts.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN void lws_strexp_reset_out(lws_strexp_t *exp, char *out, size_t olen);

/**
 * Copies a string into a bounded area and always ends it.
 *
 * - `dest`: area of `size` bytes, filled up with NULs.
 * - `src`: string; only its first `size - 1` bytes are looked at.
 * - `size`: bytes of `dest`; 0 changes nothing.
 *
 * Returns `dest`.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN char *lws_strncpy(char *dest, const char *src, size_t size);

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
 * Frees what a blob holds; it is empty then.
 *
 * `b`: the blob.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN void lws_system_blob_destroy(lws_system_blob_t *b);

/**
 * Points a blob to bytes of the program.
 *
 * `b`: the blob; copies that it held are freed. `ptr`, `len`: the bytes, which stay valid and unchanged while the blob
 * points to them.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN void lws_system_blob_direct_set(lws_system_blob_t *b, const uint8_t *ptr,
	size_t len);

/**
 * Copies some of a blob's bytes.
 *
 * `b`: the blob. `ptr`: where to. `len`: in and out: room there, and how many bytes were copied. `ofs`: of the first.
 *
 * Returns 0, or -1 when a pointer is NULL. quirk: 1 at the end of bytes of the program, 0 with no bytes at the end of
 * copies.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_system_blob_get(lws_system_blob_t *b, uint8_t *ptr, size_t *len,
	size_t ofs);

/**
 * Where a blob's bytes are, if they are in one piece.
 *
 * `b`: the blob. `ptr`: set to the first byte; valid until the blob is changed.
 *
 * Returns 0, or -1 when the blob is empty or was appended to more than once; `ptr` is left as it is then.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_system_blob_get_single_ptr(lws_system_blob_t *b,
	const uint8_t **ptr);

/**
 * How many bytes a blob has.
 *
 * `b`: the blob.
 *
 * Returns their number, 0 for NULL.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN size_t lws_system_blob_get_size(lws_system_blob_t *b);

/**
 * Appends a copy of some bytes.
 *
 * `b`: the blob. `ptr`, `len`: the bytes.
 *
 * Returns 0, or -1 for no bytes and for a blob that points to bytes of the program.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_system_blob_heap_append(lws_system_blob_t *b, const uint8_t *ptr,
	size_t len);

/**
 * Empties a blob; it may be appended to then.
 *
 * `b`: the blob.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN void lws_system_blob_heap_empty(lws_system_blob_t *b);

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
 * Says what was found about captive portals.
 *
 * `context`: the context. `result`: LWS_CPD_*.
 *
 * Re-entry: query, any thread.
 *
 * Quirks: the first answer after lws_system_cpd_start counts, others are ignored.
 */
LWS_VISIBLE LWS_EXTERN void lws_system_cpd_set(struct lws_context *context,
	lws_cpd_result_t result);

/**
 * Begins to find out whether there is a captive portal, by the program's operation.
 *
 * `context`: the context. What is known is forgotten.
 *
 * Returns what the program's `captive_portal_detect_request` returned, -1 when there is none.
 *
 * Re-entry: runs that operation.
 */
LWS_VISIBLE LWS_EXTERN int lws_system_cpd_start(struct lws_context *context);

/**
 * What is known about captive portals.
 *
 * `context`: the context.
 *
 * Returns LWS_CPD_*; LWS_CPD_UNKNOWN (0) before there is an answer.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN lws_cpd_result_t lws_system_cpd_state_get(struct lws_context *context);

/**
 * One of a context's blobs.
 *
 * `context`: the context. `type`: LWS_SYSBLOB_TYPE_*. `idx`: which of them, where there are several of a type (two of
 * LWS_SYSBLOB_TYPE_AUTH).
 *
 * Returns the blob, which lives as long as the context; NULL when there is none.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN lws_system_blob_t *lws_system_get_blob(struct lws_context *context,
	lws_system_blob_item_t type, int idx);

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
 * Compares two areas in a time that depends only on their length.
 *
 * - `a`, `b`, `len`: the areas.
 *
 * Returns 0 when they are equal, else a number over 0.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_timingsafe_bcmp(const void *a, const void *b, uint32_t len);

/**
 * A certificate and its key have been replaced: vhosts that use these files take the new ones.
 *
 * `context`: the context. `certpath`, `keypath`: the files as the vhosts were given them. `mem_cert`, `len_mem_cert`,
 * `mem_privkey`, `len_mem_privkey`: the new certificate chain and key, PEM or DER; NULL to read the file again.
 *
 * Returns 0, also when no vhost uses the files; 1 after a log line when some vhost could not take them: it keeps the ones it has.
 *
 * Re-entry: any thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_tls_cert_updated(struct lws_context *context, const char *certpath,
	const char *keypath, const char *mem_cert, size_t len_mem_cert, const char *mem_privkey,
	size_t len_mem_privkey);

/**
 * One more certificate that a vhost's client connections trust.
 *
 * `vh`: the vhost. `der`, `der_len`: the certificate, DER.
 *
 * Returns 0, or 1 after a log line: no vhost, no client context, or no certificate.
 *
 * Re-entry: any thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_tls_client_vhost_extra_cert_mem(struct lws_vhost *vh,
	const uint8_t *der, size_t der_len);

/**
 * Asks the certificate of a connection's peer.
 *
 * - `wsi`: the connection.
 * - `kind`: what to ask, LWS_TLS_CERT_INFO_*.
 * - `buf`, `len`: as for `lws_x509_info`.
 *
 * Returns 0; -1 without TLS, when the peer has shown no certificate (a client need not), while it is still being verified, or
 * as `lws_x509_info`. VERIFIED is answered here: 1 when it was found good, 0 when the program let it pass.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_tls_peer_cert_info(struct lws *wsi, enum lws_tls_cert_info type,
	union lws_tls_cert_info_results *buf, size_t len);

/**
 * Asks a vhost's own certificate.
 *
 * - `vhost`: the vhost.
 * - `kind`: what to ask, LWS_TLS_CERT_INFO_*.
 * - `buf`, `len`: as for `lws_x509_info`.
 *
 * Returns 0; -1 for a vhost without TLS or certificate, or as `lws_x509_info`.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lws_tls_vhost_cert_info(struct lws_vhost *vhost,
	enum lws_tls_cert_info type, union lws_tls_cert_info_results *buf, size_t len);

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
 * Finds the next element of a text.
 *
 * - `ts`: the state; `token` and `token_len` get the element's text, which lies in the caller's.
 *
 * Returns an `LWS_TOKZE_` number: over 0 an element, 0 the end, under 0 an error.
 *
 * Re-entry: query, any thread.
 *
 * Quirks: after an element that a NUL ended, `start` points behind the NUL; `len` is 0 then, so that the next call
 * ends (the reference reads on behind it).
 */
LWS_VISIBLE LWS_EXTERN lws_tokenize_elem lws_tokenize(struct lws_tokenize *ts);

/**
 * Copies the text of the last element.
 *
 * - `ts`: the state.
 * - `str`, `max`: area for the text and its NUL.
 *
 * Returns 0, or 1 when it does not fit: nothing is written then.
 *
 * Re-entry: query, any thread.
 *
 * Quirks: wants a byte more than text and NUL need.
 */
LWS_VISIBLE LWS_EXTERN int lws_tokenize_cstr(struct lws_tokenize *ts, char *str, size_t max);

/**
 * Makes a tokenizer ready for a string.
 *
 * - `ts`: gets the state; set its `len` afterwards for a text without NUL.
 * - `start`: the text, which stays the caller's and must stay.
 * - `flags`: `LWS_TOKENIZE_F_` bits.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN void lws_tokenize_init(struct lws_tokenize *ts, const char *start,
	int flags);

/**
 * Decodes a string from a URL or form.
 *
 * - `string`, `len`: area for `len` bytes and a NUL after them; a negative `len` is no limit.
 * - `escaped`: C string; may be `string`.
 *
 * Returns 0, or -1 when `%` is followed by something that is no hex digit: no NUL is written then.
 *
 * Re-entry: query, any thread.
 *
 * Quirks: the NUL may come after `len` bytes. An escape that the string's end cuts is dropped quietly.
 */
LWS_VISIBLE LWS_EXTERN int lws_urldecode(char *string, const char *escaped, int len);

/**
 * Encodes a string for a URL or form.
 *
 * - `escaped`, `len`: area for the text and its NUL; `len` of 0 or less writes nothing.
 * - `string`: C string; null is taken as empty.
 *
 * Returns `escaped`.
 *
 * Re-entry: query, any thread.
 *
 * Quirks: ends when 3 or fewer bytes are left in the area.
 */
LWS_VISIBLE LWS_EXTERN const char *lws_urlencode(char *escaped, const char *string, int len);

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
 * Reads a number of bytes of seven bits.
 *
 * - `buf`, `len`: the bytes.
 * - `value`: gets the number.
 *
 * Returns the index of the last byte, or 0 when it is the first or there is none.
 *
 * Re-entry: query, any thread.
 *
 * Quirks: the last byte is the first with its top bit set, which is not what `lws_vbi_encode` writes.
 */
LWS_VISIBLE LWS_EXTERN int lws_vbi_decode(const void *buf, uint64_t *value, size_t len);

/**
 * Writes a number in up to four bytes of seven bits.
 *
 * - `value`: below 2^28.
 * - `buf`: gets the bytes, up to four.
 *
 * Returns how many bytes were written; 0 for a larger number (the reference aborts) or a null pointer.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_vbi_encode(uint64_t value, void *buf);

/**
 * Opens a file with the operations that its path asks for.
 *
 * `fops`: list to choose from, as `lws_get_fops` gives it. `vfs_path`: a path. One that holds a signature of an entry
 * behind the head, such as ".zip/", is opened by that entry, which is told where the part behind the signature begins;
 * others are opened by the head. `flags`: in and out: open(2) flags and LWS_FOP_FLAG_*.
 *
 * Returns the file, to be closed with lws_vfs_file_close, or NULL.
 *
 * Re-entry: calls the program's open.
 */
LWS_VISIBLE LWS_EXTERN lws_fop_fd_t lws_vfs_file_open(const struct lws_plat_file_ops *fops,
	const char *vfs_path, lws_fop_flags_t *flags);

/**
 * Moves to a position counted from the end.
 *
 * `fop_fd`: an open file. `offset`: from its end, so negative inside the file.
 *
 * Returns the position now, which stays inside the file; -1 for NULL.
 *
 * Re-entry: calls the program's seek.
 *
 * Quirks: the reference adds the current position; ours counts from the end wherever the file is.
 */
LWS_VISIBLE LWS_EXTERN lws_fileofs_t lws_vfs_file_seek_end(lws_fop_fd_t fop_fd,
	lws_fileofs_t offset);

/**
 * Moves to a position.
 *
 * `fop_fd`: an open file. `offset`: from its beginning.
 *
 * Returns the position now, which stays inside the file; -1 for NULL.
 *
 * Re-entry: calls the program's seek.
 */
LWS_VISIBLE LWS_EXTERN lws_fileofs_t lws_vfs_file_seek_set(lws_fop_fd_t fop_fd,
	lws_fileofs_t offset);

/**
 * How long a file is.
 *
 * `fop_fd`: an open file.
 *
 * Returns its length when it was opened, 0 for NULL.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN lws_filepos_t lws_vfs_get_length(lws_fop_fd_t fop_fd);

/**
 * When a file changed.
 *
 * `fop_fd`: an open file.
 *
 * Returns seconds since 1970, which mean something when its flags have LWS_FOP_FLAG_MOD_TIME_VALID; 0 for NULL.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN uint32_t lws_vfs_get_mod_time(lws_fop_fd_t fop_fd);

/**
 * Where a file is.
 *
 * `fop_fd`: an open file.
 *
 * Returns its position, 0 for NULL.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN lws_filepos_t lws_vfs_tell(lws_fop_fd_t fop_fd);

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
 * Re-entry: query; no callback of a protocol runs. May dispatch into an extension of the program's, which may do anything.
 */
LWS_VISIBLE LWS_EXTERN int lws_write(struct lws *wsi, unsigned char *buf, size_t len,
	enum lws_write_protocol protocol);

/**
 * Writes the numeric text of an address.
 *
 * - `ads`, `size`: the bytes, 4 or 16.
 * - `buf`, `len`: where to write it, owned by the caller, and its size; 46 is always enough.
 *
 * Returns the length; for IPv4 text that was cut `len`; -1 for IPv6 text that was cut, and for other sizes.
 *
 * Re-entry: query; any thread.
 *
 * Quirks: the first run of zero groups becomes `::`, even a single one.
 */
LWS_VISIBLE LWS_EXTERN int lws_write_numeric_address(const uint8_t *ads, int size, char *buf,
	size_t len);

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
 * Makes an empty certificate object.
 *
 * - `x509`: where its address goes; it belongs to the caller until `lws_x509_destroy`.
 *
 * Returns 0; -1 for a null `x509`.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN int lws_x509_create(struct lws_x509_cert **x509);

/**
 * Destroys a certificate object and forgets its address.
 *
 * - `x509`: where the address is; null there does nothing.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lws_x509_destroy(struct lws_x509_cert **x509);

/**
 * Asks a certificate.
 *
 * - `x509`: the certificate.
 * - `kind`: what to ask, LWS_TLS_CERT_INFO_*.
 * - `buf`: where the answer goes.
 * - `len`: bytes of `buf->ns.name`, which may be more than the member's.
 *
 * Returns 0; -1 when there is no answer: nothing was read, a key that is longer than `len`, VERIFIED (which only a
 * connection can answer) or an unknown `kind`.
 *
 * Re-entry: query.
 *
 * Quirks: times are a day early. A common name goes on to the end of the subject's one-line form. Of a
 * name, parts are left out from the first that ends less than two bytes (common name: three) before `len`.
 */
LWS_VISIBLE LWS_EXTERN int lws_x509_info(struct lws_x509_cert *x509, enum lws_tls_cert_info type,
	union lws_tls_cert_info_results *buf, size_t len);

/**
 * Reads a certificate in PEM form into the object, instead of what it held.
 *
 * - `x509`: from `lws_x509_create`.
 * - `pem`, `len`: the text; a NUL at its end may be counted.
 *
 * Returns 0; -1 when there is no certificate in it that can be read, and then nothing changed.
 *
 * Re-entry: query.
 *
 * Quirks: of several certificates the first counts. An encrypted one is refused: nobody is asked for a passphrase.
 */
LWS_VISIBLE LWS_EXTERN int lws_x509_parse_from_pem(struct lws_x509_cert *x509, const void *pem,
	size_t len);

/**
 * Whether a certificate was signed by another.
 *
 * - `x509`: the certificate.
 * - `trusted`: the one that should have signed it, or itself.
 * - `common_name`: null, or what its common name has to be, as `LWS_TLS_CERT_INFO_COMMON_NAME` gives it.
 *
 * Returns 0; -1 when it was not, may not have been, or the name differs.
 *
 * Re-entry: query.
 *
 * Quirks: neither is looked at for being expired, and no certificate in between is used. The signature is checked, which
 * the reference does not.
 */
LWS_VISIBLE LWS_EXTERN int lws_x509_verify(struct lws_x509_cert *x509,
	struct lws_x509_cert *trusted, const char *common_name);

/**
 * Rounds a length up as uses are.
 *
 * - `length`: bytes.
 *
 * Returns the next multiple of 8.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN size_t lwsac_align(size_t length);

/**
 * Loads a file, or loads it again when its modification time changed. It is looked at every 5 seconds at most.
 *
 * - `filepath`: C string.
 * - `cache`: null at first; gets the contents, which end with a NUL. Old contents are detached.
 * - `len`: gets the length when the file was loaded.
 *
 * Returns 0, or 1 when the file cannot be read: the old contents stay.
 *
 * Re-entry: query; blocks as the disk does.
 *
 * Quirks: `len` is left alone when nothing was loaded.
 */
LWS_VISIBLE LWS_EXTERN int lwsac_cached_file(const char *filepath, lwsac_cached_file_t *cache,
	size_t *len);

/**
 * The owner is done with a chain: frees it, or leaves that to the last reader.
 *
 * - `head`: the chain; `*head` becomes null when it is freed.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lwsac_detach(struct lwsac **head);

/**
 * Makes the last use of a chain longer, if its chunk has room; the new bytes are zero.
 *
 * - `head`: the chain.
 * - `amount`: bytes, rounded up to a multiple of 8.
 *
 * Returns 0, or 1 when there is no room, for a negative amount and a null chain.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lwsac_extend(struct lwsac *head, int amount);

/**
 * Frees a chain and all that was taken from it.
 *
 * - `head`: the chain; `*head` becomes null.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lwsac_free(struct lwsac **head);

/**
 * The next chunk.
 *
 * - `lac`: a chunk.
 *
 * Returns the chunk, owned by the chain; null after the last.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN struct lwsac *lwsac_get_next(struct lwsac *lac);

/**
 * Bytes from a chunk's address to its next use.
 *
 * - `lac`: a chunk, not only the first.
 *
 * Returns the bytes, 0 for null.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN size_t lwsac_get_tail_pos(struct lwsac *lac);

/**
 * Logs the size of a chain for debugging.
 *
 * - `head`: the chain.
 *
 * Re-entry: query; the log function is called.
 */
LWS_VISIBLE LWS_EXTERN void lwsac_info(struct lwsac *head);

/**
 * Counts a reader of a chain in.
 *
 * - `head`: the chain.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lwsac_reference(struct lwsac *head);

/**
 * Finds a copy of a blob in a chain.
 *
 * - `head`: the chain.
 * - `find`, `len`: the blob.
 * - `nul`: nonzero: a NUL must follow it.
 *
 * Returns the copy, owned by the chain, or null.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN uint8_t *lwsac_scan_extant(struct lwsac *head, uint8_t *find, size_t len,
	int nul);

/**
 * Bytes from a chunk's address to its first use.
 *
 * - `first`: nonzero for the first chunk of a chain.
 *
 * Returns the bytes.
 *
 * Re-entry: query, any thread.
 */
LWS_VISIBLE LWS_EXTERN size_t lwsac_sizeof(int first);

/**
 * Bytes allocated for a chain.
 *
 * - `head`: the chain.
 *
 * Returns the bytes, headers included; 0 for null.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN uint64_t lwsac_total_alloc(struct lwsac *head);

/**
 * Bytes of a chain that hold no use.
 *
 * - `head`: the chain.
 *
 * Returns the bytes of headers and free room; 0 for null.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN uint64_t lwsac_total_overhead(struct lwsac *head);

/**
 * Counts a reader of a chain out; the last one frees a detached chain.
 *
 * - `head`: the chain; `*head` becomes null when it is freed.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lwsac_unreference(struct lwsac **head);

/**
 * Takes memory from a chain's last chunk, or a new one.
 *
 * - `head`: the chain; it is begun when `*head` is null.
 * - `ensure`: bytes.
 * - `chunk_size`: bytes of a new chunk if one is needed; 0: 4000.
 *
 * Returns the memory, 8-aligned, uninitialised, valid until the chain is freed; null when there is none.
 *
 * Re-entry: query; not from two threads at once for one chain.
 */
LWS_VISIBLE LWS_EXTERN void *lwsac_use(struct lwsac **head, size_t ensure, size_t chunk_size);

/**
 * Takes memory from the first chunk of a chain that has room, or a new one.
 *
 * - `head`, `ensure`, `chunk_size`: as for `lwsac_use`.
 *
 * Returns as `lwsac_use`.
 *
 * Re-entry: query; not from two threads at once for one chain.
 */
LWS_VISIBLE LWS_EXTERN void *lwsac_use_backfill(struct lwsac **head, size_t ensure,
	size_t chunk_size);

/**
 * The owner is done with a cached file: frees the contents, or leaves that to the last reader.
 *
 * - `cache`: the contents; `*cache` becomes null when they are freed.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lwsac_use_cached_file_detach(lwsac_cached_file_t *cache);

/**
 * Counts a reader of a cached file out; the last one frees contents that were detached.
 *
 * - `cache`: the contents; `*cache` becomes null when they are freed.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lwsac_use_cached_file_end(lwsac_cached_file_t *cache);

/**
 * Counts a reader of a cached file in.
 *
 * - `cache`: the contents; null does nothing.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN void lwsac_use_cached_file_start(lwsac_cached_file_t cache);

/**
 * Takes zeroed memory from a chain's last chunk, or a new one.
 *
 * - `head`, `ensure`, `chunk_size`: as for `lwsac_use`.
 *
 * Returns as `lwsac_use`, zeroed.
 *
 * Re-entry: query; not from two threads at once for one chain.
 */
LWS_VISIBLE LWS_EXTERN void *lwsac_use_zero(struct lwsac **head, size_t ensure, size_t chunk_size);

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
 * Reads the global settings of lwsws into a creation info.
 *
 * `info`: filled with what the files say, else left as it is. `d`: directory with the file `conf` and the folder
 * `conf.d`. `config_strings`, `len`: in and out: memory for texts, which must live as long as the context, and how much
 * of it is left.
 *
 * Returns 0, or 1 when a file cannot be read or is not understood, or the memory is full.
 *
 * Re-entry: query.
 */
LWS_VISIBLE LWS_EXTERN int lwsws_get_config_globals(struct lws_context_creation_info *info,
	const char *d, char **config_strings, int *len);

/**
 * Makes the vhosts that the files of lwsws describe.
 *
 * `context`: where. `info`: what they have in common; its vhost members are replaced. `d`, `config_strings`, `len`: as
 * in lwsws_get_config_globals.
 *
 * Returns 0 when at least one vhost was made, else 1. What went wrong is logged with file and name.
 *
 * Re-entry: as lws_create_vhost.
 */
LWS_VISIBLE LWS_EXTERN int lwsws_get_config_vhosts(struct lws_context *context,
	struct lws_context_creation_info *info, const char *d, char **config_strings, int *len);

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
