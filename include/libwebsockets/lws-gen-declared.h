/* Written by capi/headergen; do not edit. Functions that the 4.1.6 headers declare and this library does not export
 * (yet): a program may mention them, only one that calls them does not link. docs/compat.md has the list. */

#ifndef LWS_GEN_DECLARED_H
#define LWS_GEN_DECLARED_H

#ifdef __cplusplus
extern "C" {
#endif

/* abstract/abstract.h */
LWS_VISIBLE LWS_EXTERN lws_abs_t *lws_abs_bind_and_create_instance(const lws_abs_t *ai);
LWS_VISIBLE LWS_EXTERN void lws_abs_destroy_instance(lws_abs_t **ai);
LWS_VISIBLE LWS_EXTERN const lws_token_map_t *lws_abs_get_token(const lws_token_map_t *token_map,
	short name_index);
LWS_VISIBLE LWS_EXTERN lws_abs_t *lws_abstract_alloc(struct lws_vhost *vhost, void *user,
	const char *abstract_path, const lws_token_map_t *ap_tokens, const lws_token_map_t *at_tokens,
	struct lws_sequencer *seq, void *opaque_user_data);
LWS_VISIBLE LWS_EXTERN void lws_abstract_free(lws_abs_t **pabs);

/* abstract/protocols.h */
LWS_VISIBLE LWS_EXTERN const lws_abs_protocol_t *lws_abs_protocol_get_by_name(const char *name);

/* abstract/transports.h */
LWS_VISIBLE LWS_EXTERN const lws_abs_transport_t *lws_abs_transport_get_by_name(const char *name);

/* abstract/transports/unit-test.h */
LWS_VISIBLE LWS_EXTERN const char *lws_unit_test_result_name(int in);

/* lws-async-dns.h */
LWS_VISIBLE LWS_EXTERN void lws_async_dns_freeaddrinfo(const struct addrinfo **ai);
LWS_VISIBLE LWS_EXTERN lws_async_dns_retcode_t lws_async_dns_query(struct lws_context *context,
	int tsi, const char *name, adns_query_type_t qtype, lws_async_dns_cb_t cb, struct lws *wsi,
	void *opaque);

/* lws-bb-i2c.h */
LWS_VISIBLE LWS_EXTERN int lws_bb_i2c_init(const lws_i2c_ops_t *octx);
LWS_VISIBLE LWS_EXTERN int lws_bb_i2c_read(const lws_i2c_ops_t *octx);
LWS_VISIBLE LWS_EXTERN void lws_bb_i2c_set_ack(const lws_i2c_ops_t *octx, int ack);
LWS_VISIBLE LWS_EXTERN int lws_bb_i2c_start(const lws_i2c_ops_t *octx);
LWS_VISIBLE LWS_EXTERN void lws_bb_i2c_stop(const lws_i2c_ops_t *octx);
LWS_VISIBLE LWS_EXTERN int lws_bb_i2c_write(const lws_i2c_ops_t *octx, uint8_t data);

/* lws-bb-spi.h */
LWS_VISIBLE LWS_EXTERN int lws_bb_spi_init(const lws_spi_ops_t *octx);
LWS_VISIBLE LWS_EXTERN int lws_bb_spi_queue(const lws_spi_ops_t *octx, const lws_spi_desc_t *desc);

/* lws-button.h */
LWS_VISIBLE LWS_EXTERN
	struct lws_button_state *lws_button_controller_create(struct lws_context *ctx,
	const lws_button_controller_t *controller);
LWS_VISIBLE LWS_EXTERN void lws_button_controller_destroy(struct lws_button_state *bcs);
LWS_VISIBLE LWS_EXTERN void lws_button_enable(struct lws_button_state *bcs,
	lws_button_idx_t _reset, lws_button_idx_t _set);
LWS_VISIBLE LWS_EXTERN lws_button_idx_t lws_button_get_bit(struct lws_button_state *bcs,
	const char *name);

/* lws-context-vhost.h */
LWS_VISIBLE LWS_EXTERN int lws_json_dump_context(const struct lws_context *context, char *buf,
	int len, int hide_vhosts);
LWS_VISIBLE LWS_EXTERN int lws_json_dump_vhost(const struct lws_vhost *vh, char *buf, int len);

/* lws-detailed-latency.h */
LWS_VISIBLE LWS_EXTERN int lws_det_lat_active(struct lws_context *context);
LWS_VISIBLE LWS_EXTERN int lws_det_lat_cb(struct lws_context *context, lws_detlat_t *d);
LWS_VISIBLE LWS_EXTERN int lws_det_lat_plot_cb(struct lws_context *context, const lws_detlat_t *d);

/* lws-diskcache.h */
LWS_VISIBLE LWS_EXTERN struct lws_diskcache_scan *lws_diskcache_create(const char *cache_dir_base,
	uint64_t cache_size_limit);
LWS_VISIBLE LWS_EXTERN void lws_diskcache_destroy(struct lws_diskcache_scan **lds);
LWS_VISIBLE LWS_EXTERN int lws_diskcache_finalize_name(char *cache);
LWS_VISIBLE LWS_EXTERN int lws_diskcache_prepare(const char *cache_base_dir, int mode, int uid);
LWS_VISIBLE LWS_EXTERN int lws_diskcache_query(struct lws_diskcache_scan *lds, int is_bot,
	const char *hash_hex, int *_fd, char *cache, int cache_len, size_t *extant_cache_len);
LWS_VISIBLE LWS_EXTERN int lws_diskcache_secs_to_idle(struct lws_diskcache_scan *lds);
LWS_VISIBLE LWS_EXTERN int lws_diskcache_trim(struct lws_diskcache_scan *lds);

/* lws-display.h */
LWS_VISIBLE LWS_EXTERN void lws_display_state_active(lws_display_state_t *lds);
LWS_VISIBLE LWS_EXTERN void lws_display_state_init(lws_display_state_t *lds,
	struct lws_context *ctx, int autodim_ms, int off_ms, struct lws_led_state *bl_lcs,
	const lws_display_t *disp);
LWS_VISIBLE LWS_EXTERN void lws_display_state_off(lws_display_state_t *lds);
LWS_VISIBLE LWS_EXTERN void lws_display_state_set_brightness(lws_display_state_t *lds,
	const lws_led_sequence_def_t *pwmseq);

/* lws-dll2.h */
LWS_VISIBLE LWS_EXTERN void lws_dll2_describe(struct lws_dll2_owner *owner, const char *desc);

/* lws-dsh.h */
LWS_VISIBLE LWS_EXTERN int lws_dsh_alloc_tail(struct lws_dsh *dsh, int kind, const void *src1,
	size_t size1, const void *src2, size_t size2);
LWS_VISIBLE LWS_EXTERN struct lws_dsh *lws_dsh_create(lws_dll2_owner_t *owner, size_t buffer_size,
	int count_kinds);
LWS_VISIBLE LWS_EXTERN void lws_dsh_describe(struct lws_dsh *dsh, const char *desc);
LWS_VISIBLE LWS_EXTERN void lws_dsh_destroy(struct lws_dsh **pdsh);
LWS_VISIBLE LWS_EXTERN void lws_dsh_free(void **obj);
LWS_VISIBLE LWS_EXTERN int lws_dsh_get_head(struct lws_dsh *dsh, int kind, void **obj,
	size_t *size);

/* lws-fts.h */
LWS_VISIBLE LWS_EXTERN void lws_fts_close(struct lws_fts_file *jtf);
LWS_VISIBLE LWS_EXTERN struct lws_fts *lws_fts_create(int fd);
LWS_VISIBLE LWS_EXTERN void lws_fts_destroy(struct lws_fts **trie);
LWS_VISIBLE LWS_EXTERN int lws_fts_file_index(struct lws_fts *t, const char *filepath,
	int filepath_len, int priority);
LWS_VISIBLE LWS_EXTERN int lws_fts_fill(struct lws_fts *t, uint32_t file_index, const char *buf,
	size_t len);
LWS_VISIBLE LWS_EXTERN struct lws_fts_file *lws_fts_open(const char *filepath);
LWS_VISIBLE LWS_EXTERN struct lws_fts_result *lws_fts_search(struct lws_fts_file *jtf,
	struct lws_fts_search_params *ftsp);
LWS_VISIBLE LWS_EXTERN int lws_fts_serialize(struct lws_fts *t);

/* lws-genaes.h */
LWS_VISIBLE LWS_EXTERN int lws_genaes_create(struct lws_genaes_ctx *ctx,
	enum enum_aes_operation op, enum enum_aes_modes mode, struct lws_gencrypto_keyelem *el,
	enum enum_aes_padding padding, void *engine);
LWS_VISIBLE LWS_EXTERN int lws_genaes_crypt(struct lws_genaes_ctx *ctx, const uint8_t *in,
	size_t len, uint8_t *out, uint8_t *iv_or_nonce_ctr_or_data_unit_16, uint8_t *stream_block_16,
	size_t *nc_or_iv_off, int taglen);
LWS_VISIBLE LWS_EXTERN int lws_genaes_destroy(struct lws_genaes_ctx *ctx, unsigned char *tag,
	size_t tlen);

/* lws-gencrypto.h */
LWS_VISIBLE LWS_EXTERN int lws_base64_size(int bytes);
LWS_VISIBLE LWS_EXTERN int lws_gencrypto_bits_to_bytes(int bits);
LWS_VISIBLE LWS_EXTERN size_t lws_gencrypto_padded_length(size_t block_size, size_t len);

/* lws-genec.h */
LWS_VISIBLE LWS_EXTERN void lws_genec_destroy(struct lws_genec_ctx *ctx);
LWS_VISIBLE LWS_EXTERN void lws_genec_destroy_elements(struct lws_gencrypto_keyelem *el);
LWS_VISIBLE LWS_EXTERN int lws_genec_dump(struct lws_gencrypto_keyelem *el);
LWS_VISIBLE LWS_EXTERN int lws_genecdh_compute_shared_secret(struct lws_genec_ctx *ctx,
	uint8_t *ss, int *ss_len);
LWS_VISIBLE LWS_EXTERN int lws_genecdh_create(struct lws_genec_ctx *ctx,
	struct lws_context *context, const struct lws_ec_curves *curve_table);
LWS_VISIBLE LWS_EXTERN int lws_genecdh_new_keypair(struct lws_genec_ctx *ctx,
	enum enum_lws_dh_side side, const char *curve_name, struct lws_gencrypto_keyelem *el);
LWS_VISIBLE LWS_EXTERN int lws_genecdh_set_key(struct lws_genec_ctx *ctx,
	struct lws_gencrypto_keyelem *el, enum enum_lws_dh_side side);
LWS_VISIBLE LWS_EXTERN int lws_genecdsa_create(struct lws_genec_ctx *ctx,
	struct lws_context *context, const struct lws_ec_curves *curve_table);
LWS_VISIBLE LWS_EXTERN int lws_genecdsa_hash_sig_verify_jws(struct lws_genec_ctx *ctx,
	const uint8_t *in, enum lws_genhash_types hash_type, int keybits, const uint8_t *sig,
	size_t sig_len);
LWS_VISIBLE LWS_EXTERN int lws_genecdsa_hash_sign_jws(struct lws_genec_ctx *ctx, const uint8_t *in,
	enum lws_genhash_types hash_type, int keybits, uint8_t *sig, size_t sig_len);
LWS_VISIBLE LWS_EXTERN int lws_genecdsa_new_keypair(struct lws_genec_ctx *ctx,
	const char *curve_name, struct lws_gencrypto_keyelem *el);
LWS_VISIBLE LWS_EXTERN int lws_genecdsa_set_key(struct lws_genec_ctx *ctx,
	struct lws_gencrypto_keyelem *el);

/* lws-genhash.h */
LWS_VISIBLE LWS_EXTERN int lws_genhash_destroy(struct lws_genhash_ctx *ctx, void *result);
LWS_VISIBLE LWS_EXTERN int lws_genhash_init(struct lws_genhash_ctx *ctx,
	enum lws_genhash_types type);
LWS_VISIBLE LWS_EXTERN size_t lws_genhash_size(enum lws_genhash_types type);
LWS_VISIBLE LWS_EXTERN int lws_genhash_update(struct lws_genhash_ctx *ctx, const void *in,
	size_t len);
LWS_VISIBLE LWS_EXTERN int lws_genhmac_destroy(struct lws_genhmac_ctx *ctx, void *result);
LWS_VISIBLE LWS_EXTERN int lws_genhmac_init(struct lws_genhmac_ctx *ctx,
	enum lws_genhmac_types type, const uint8_t *key, size_t key_len);
LWS_VISIBLE LWS_EXTERN size_t lws_genhmac_size(enum lws_genhmac_types type);
LWS_VISIBLE LWS_EXTERN int lws_genhmac_update(struct lws_genhmac_ctx *ctx, const void *in,
	size_t len);

/* lws-genrsa.h */
LWS_VISIBLE LWS_EXTERN int lws_genrsa_create(struct lws_genrsa_ctx *ctx,
	struct lws_gencrypto_keyelem *el, struct lws_context *context, enum enum_genrsa_mode mode,
	enum lws_genhash_types oaep_hashid);
LWS_VISIBLE LWS_EXTERN void lws_genrsa_destroy(struct lws_genrsa_ctx *ctx);
LWS_VISIBLE LWS_EXTERN void lws_genrsa_destroy_elements(struct lws_gencrypto_keyelem *el);
LWS_VISIBLE LWS_EXTERN int lws_genrsa_hash_sig_verify(struct lws_genrsa_ctx *ctx,
	const uint8_t *in, enum lws_genhash_types hash_type, const uint8_t *sig, size_t sig_len);
LWS_VISIBLE LWS_EXTERN int lws_genrsa_hash_sign(struct lws_genrsa_ctx *ctx, const uint8_t *in,
	enum lws_genhash_types hash_type, uint8_t *sig, size_t sig_len);
LWS_VISIBLE LWS_EXTERN int lws_genrsa_new_keypair(struct lws_context *context,
	struct lws_genrsa_ctx *ctx, enum enum_genrsa_mode mode, struct lws_gencrypto_keyelem *el,
	int bits);
LWS_VISIBLE LWS_EXTERN int lws_genrsa_private_decrypt(struct lws_genrsa_ctx *ctx,
	const uint8_t *in, size_t in_len, uint8_t *out, size_t out_max);
LWS_VISIBLE LWS_EXTERN int lws_genrsa_private_encrypt(struct lws_genrsa_ctx *ctx,
	const uint8_t *in, size_t in_len, uint8_t *out);
LWS_VISIBLE LWS_EXTERN int lws_genrsa_public_decrypt(struct lws_genrsa_ctx *ctx, const uint8_t *in,
	size_t in_len, uint8_t *out, size_t out_max);
LWS_VISIBLE LWS_EXTERN int lws_genrsa_public_encrypt(struct lws_genrsa_ctx *ctx, const uint8_t *in,
	size_t in_len, uint8_t *out);
LWS_VISIBLE LWS_EXTERN int lws_genrsa_render_pkey_asn1(struct lws_genrsa_ctx *ctx, int _private,
	uint8_t *pkey_asn1, size_t pkey_asn1_len);

/* lws-http.h */
LWS_VISIBLE LWS_EXTERN int lws_h2_client_stream_long_poll_rxonly(struct lws *wsi);
LWS_VISIBLE LWS_EXTERN int lws_h2_get_peer_txcredit_estimate(struct lws *wsi);
LWS_VISIBLE LWS_EXTERN int lws_h2_update_peer_txcredit(struct lws *wsi, int sid, int bump);

/* lws-i2c.h */
LWS_VISIBLE LWS_EXTERN int lws_i2c_command(const lws_i2c_ops_t *ctx, uint8_t ads7, uint8_t c);
LWS_VISIBLE LWS_EXTERN int lws_i2c_command_list(const lws_i2c_ops_t *ctx, uint8_t ads7,
	const uint8_t *buf, size_t len);

/* lws-ili9341-spi.h */
LWS_VISIBLE LWS_EXTERN int lws_display_ili9341_spi_blit(const struct lws_display *disp,
	const uint8_t *src, lws_display_scalar x, lws_display_scalar y, lws_display_scalar w,
	lws_display_scalar h);
LWS_VISIBLE LWS_EXTERN int lws_display_ili9341_spi_init(const struct lws_display *disp);
LWS_VISIBLE LWS_EXTERN int lws_display_ili9341_spi_power(const struct lws_display *disp, int state);

/* lws-jose.h */
LWS_VISIBLE LWS_EXTERN int lws_gencrypto_jwe_alg_to_definition(const char *alg,
	const struct lws_jose_jwe_alg **jose);
LWS_VISIBLE LWS_EXTERN int lws_gencrypto_jwe_enc_to_definition(const char *enc,
	const struct lws_jose_jwe_alg **jose);
LWS_VISIBLE LWS_EXTERN int lws_gencrypto_jws_alg_to_definition(const char *alg,
	const struct lws_jose_jwe_alg **jose);
LWS_VISIBLE LWS_EXTERN void lws_jose_destroy(struct lws_jose *jose);
LWS_VISIBLE LWS_EXTERN void lws_jose_init(struct lws_jose *jose);
LWS_VISIBLE LWS_EXTERN int lws_jwe_parse_jose(struct lws_jose *jose, const char *buf, int len,
	char *temp, int *temp_len);
LWS_VISIBLE LWS_EXTERN int lws_jws_parse_jose(struct lws_jose *jose, const char *buf, int len,
	char *temp, int *temp_len);

/* lws-jwe.h */
LWS_VISIBLE LWS_EXTERN int lws_jwa_concat_kdf(struct lws_jwe *jwe, int direct, uint8_t *out,
	const uint8_t *shared_secret, int sslen);
LWS_VISIBLE LWS_EXTERN int lws_jwe_auth_and_decrypt(struct lws_jwe *jwe, char *temp, int *temp_len);
LWS_VISIBLE LWS_EXTERN int lws_jwe_auth_and_decrypt_cbc_hs(struct lws_jwe *jwe, uint8_t *enc_cek,
	uint8_t *aad, int aad_len);
LWS_VISIBLE LWS_EXTERN void lws_jwe_be64(uint64_t c, uint8_t *p8);
LWS_VISIBLE LWS_EXTERN int lws_jwe_create_packet(struct lws_jwe *jwe, const char *payload,
	size_t len, const char *nonce, char *out, size_t out_len, struct lws_context *context);
LWS_VISIBLE LWS_EXTERN void lws_jwe_destroy(struct lws_jwe *jwe);
LWS_VISIBLE LWS_EXTERN int lws_jwe_encrypt(struct lws_jwe *jwe, char *temp, int *temp_len);
LWS_VISIBLE LWS_EXTERN void lws_jwe_init(struct lws_jwe *jwe, struct lws_context *context);
LWS_VISIBLE LWS_EXTERN int lws_jwe_json_parse(struct lws_jwe *jwe, const uint8_t *buf, int len,
	char *temp, int *temp_len);
LWS_VISIBLE LWS_EXTERN int lws_jwe_render_compact(struct lws_jwe *jwe, char *out, size_t out_len);
LWS_VISIBLE LWS_EXTERN int lws_jwe_render_flattened(struct lws_jwe *jwe, char *out, size_t out_len);

/* lws-jwk.h */
LWS_VISIBLE LWS_EXTERN void lws_jwk_destroy(struct lws_jwk *jwk);
LWS_VISIBLE LWS_EXTERN int lws_jwk_dump(struct lws_jwk *jwk);
LWS_VISIBLE LWS_EXTERN int lws_jwk_dup_oct(struct lws_jwk *jwk, const void *key, int len);
LWS_VISIBLE LWS_EXTERN int lws_jwk_export(struct lws_jwk *jwk, int flags, char *p, int *len);
LWS_VISIBLE LWS_EXTERN int lws_jwk_generate(struct lws_context *context, struct lws_jwk *jwk,
	enum lws_gencrypto_kty kty, int bits, const char *curve);
LWS_VISIBLE LWS_EXTERN int lws_jwk_import(struct lws_jwk *jwk, lws_jwk_key_import_callback cb,
	void *user, const char *in, size_t len);
LWS_VISIBLE LWS_EXTERN int lws_jwk_load(struct lws_jwk *jwk, const char *filename,
	lws_jwk_key_import_callback cb, void *user);
LWS_VISIBLE LWS_EXTERN int lws_jwk_rfc7638_fingerprint(struct lws_jwk *jwk, char *digest32);
LWS_VISIBLE LWS_EXTERN int lws_jwk_save(struct lws_jwk *jwk, const char *filename);
LWS_VISIBLE LWS_EXTERN int lws_jwk_strdup_meta(struct lws_jwk *jwk, enum enum_jwk_meta_tok idx,
	const char *in, int len);

/* lws-jws.h */
LWS_VISIBLE LWS_EXTERN int lws_jws_alloc_element(struct lws_jws_map *map, int idx, char *temp,
	int *temp_len, size_t len, size_t actual_alloc);
LWS_VISIBLE LWS_EXTERN int lws_jws_b64_compact_map(const char *in, int len,
	struct lws_jws_map *map);
LWS_VISIBLE LWS_EXTERN int lws_jws_base64_enc(const char *in, size_t in_len, char *out,
	size_t out_max);
LWS_VISIBLE LWS_EXTERN int lws_jws_compact_decode(const char *in, int len, struct lws_jws_map *map,
	struct lws_jws_map *map_b64, char *out, int *out_len);
LWS_VISIBLE LWS_EXTERN int lws_jws_compact_encode(struct lws_jws_map *map_b64,
	const struct lws_jws_map *map, char *buf, int *out_len);
LWS_VISIBLE LWS_EXTERN void lws_jws_destroy(struct lws_jws *jws);
LWS_VISIBLE LWS_EXTERN int lws_jws_dup_element(struct lws_jws_map *map, int idx, char *temp,
	int *temp_len, const void *in, size_t in_len, size_t actual_alloc);
LWS_VISIBLE LWS_EXTERN int lws_jws_encode_b64_element(struct lws_jws_map *map, int idx, char *temp,
	int *temp_len, const void *in, size_t in_len);
LWS_VISIBLE LWS_EXTERN int lws_jws_encode_section(const char *in, size_t in_len, int first,
	char **p, char *end);
LWS_VISIBLE LWS_EXTERN void lws_jws_init(struct lws_jws *jws, struct lws_jwk *jwk,
	struct lws_context *context);
LWS_VISIBLE LWS_EXTERN int lws_jws_randomize_element(struct lws_context *context,
	struct lws_jws_map *map, int idx, char *temp, int *temp_len, size_t random_len,
	size_t actual_alloc);
LWS_VISIBLE LWS_EXTERN int lws_jws_sig_confirm(struct lws_jws_map *map_b64,
	struct lws_jws_map *map, struct lws_jwk *jwk, struct lws_context *context);
LWS_VISIBLE LWS_EXTERN int lws_jws_sig_confirm_compact(struct lws_jws_map *map,
	struct lws_jwk *jwk, struct lws_context *context, char *temp, int *temp_len);
LWS_VISIBLE LWS_EXTERN int lws_jws_sig_confirm_compact_b64(const char *in, size_t len,
	struct lws_jws_map *map, struct lws_jwk *jwk, struct lws_context *context, char *temp,
	int *temp_len);
LWS_VISIBLE LWS_EXTERN int lws_jws_sig_confirm_compact_b64_map(struct lws_jws_map *map_b64,
	struct lws_jwk *jwk, struct lws_context *context, char *temp, int *temp_len);
LWS_VISIBLE LWS_EXTERN int lws_jws_sig_confirm_json(const char *in, size_t len,
	struct lws_jws *jws, struct lws_jwk *jwk, struct lws_context *context, char *temp, int *temp_len);
LWS_VISIBLE LWS_EXTERN int lws_jws_sign_from_b64(struct lws_jose *jose, struct lws_jws *jws,
	char *b64_sig, size_t sig_len);
LWS_VISIBLE LWS_EXTERN int lws_jws_write_compact(struct lws_jws *jws, char *compact, size_t len);
LWS_VISIBLE LWS_EXTERN int lws_jws_write_flattened_json(struct lws_jws *jws, char *flattened,
	size_t len);
LWS_VISIBLE LWS_EXTERN int lws_jwt_get_http_cookie_validate_jwt(struct lws *wsi,
	struct lws_jwt_sign_set_cookie *i, char *out, size_t *out_len);
LWS_VISIBLE LWS_EXTERN int lws_jwt_sign_token_set_http_cookie(struct lws *wsi,
	const struct lws_jwt_sign_set_cookie *i, uint8_t **p, uint8_t *end);
LWS_VISIBLE LWS_EXTERN int lws_jwt_signed_validate(struct lws_context *ctx, struct lws_jwk *jwk,
	const char *alg_list, const char *com, size_t len, char *temp, int tl, char *out, size_t *out_len);
LWS_VISIBLE LWS_EXTERN int lws_jwt_token_sanity(const char *in, size_t in_len, const char *iss,
	const char *aud, const char *csrf_in, char *sub, size_t sub_len, unsigned long *exp_unix_time);

/* lws-led.h */
LWS_VISIBLE LWS_EXTERN struct lws_led_state *lws_led_gpio_create(const lws_led_ops_t *led_ops);
LWS_VISIBLE LWS_EXTERN void lws_led_gpio_destroy(struct lws_led_state *lcs);
LWS_VISIBLE LWS_EXTERN void lws_led_gpio_intensity(const struct lws_led_ops *lo, const char *name,
	lws_led_intensity_t inten);
LWS_VISIBLE LWS_EXTERN int lws_led_transition(struct lws_led_state *lcs, const char *name,
	const lws_led_sequence_def_t *next, const lws_led_sequence_def_t *trans);

/* lws-lejp.h */
LWS_VISIBLE LWS_EXTERN signed char _lejp_callback(struct lejp_ctx *ctx, char reason);

/* lws-misc.h */
LWS_VISIBLE LWS_EXTERN int lws_fsmount_mount(struct lws_fsmount *fsm);
LWS_VISIBLE LWS_EXTERN int lws_fsmount_unmount(struct lws_fsmount *fsm);
LWS_VISIBLE LWS_EXTERN size_t lws_get_allocated_heap(void);
LWS_VISIBLE LWS_EXTERN uint16_t lws_ser_ru16be(const uint8_t *b);
LWS_VISIBLE LWS_EXTERN uint32_t lws_ser_ru32be(const uint8_t *b);
LWS_VISIBLE LWS_EXTERN uint64_t lws_ser_ru64be(const uint8_t *b);
LWS_VISIBLE LWS_EXTERN void lws_ser_wu16be(uint8_t *b, uint16_t u);
LWS_VISIBLE LWS_EXTERN void lws_ser_wu32be(uint8_t *b, uint32_t u32);
LWS_VISIBLE LWS_EXTERN void lws_ser_wu64be(uint8_t *b, uint64_t u64);

/* lws-netdev.h */
LWS_VISIBLE LWS_EXTERN int lws_netdev_credentials_settings_get(lws_netdevs_t *nds);
LWS_VISIBLE LWS_EXTERN int lws_netdev_credentials_settings_set(lws_netdevs_t *nds);
LWS_VISIBLE LWS_EXTERN lws_netdev_instance_t *lws_netdev_find(lws_netdevs_t *netdevs,
	const char *ifname);
LWS_VISIBLE LWS_EXTERN int lws_netdev_plat_init(void);
LWS_VISIBLE LWS_EXTERN int lws_netdev_plat_wifi_init(void);
LWS_VISIBLE LWS_EXTERN int lws_netdev_wifi_configure_plat(struct lws_netdev_instance *nd,
	lws_netdev_config_t *config);
LWS_VISIBLE LWS_EXTERN int lws_netdev_wifi_connect_plat(lws_netdev_instance_t *wnd,
	const char *ssid, const char *passphrase, uint8_t *bssid);
LWS_VISIBLE LWS_EXTERN
	struct lws_netdev_instance *lws_netdev_wifi_create_plat(struct lws_context *ctx,
	const lws_netdev_ops_t *ops, const char *name, void *platinfo);
LWS_VISIBLE LWS_EXTERN void lws_netdev_wifi_destroy_plat(struct lws_netdev_instance **pnd);
LWS_VISIBLE LWS_EXTERN int lws_netdev_wifi_down_plat(struct lws_netdev_instance *nd);
LWS_VISIBLE LWS_EXTERN int lws_netdev_wifi_event_plat(struct lws_netdev_instance *nd,
	lws_usec_t timestamp, void *buf, size_t len);
LWS_VISIBLE LWS_EXTERN void lws_netdev_wifi_scan_plat(lws_netdev_instance_t *nd);
LWS_VISIBLE LWS_EXTERN int lws_netdev_wifi_up_plat(struct lws_netdev_instance *nd);
LWS_VISIBLE LWS_EXTERN lws_netdevs_t *lws_netdevs_from_ctx(struct lws_context *ctx);

/* lws-purify.h */
LWS_VISIBLE LWS_EXTERN int lws_sql_purify_len(const char *p);

/* lws-pwm.h */
LWS_VISIBLE LWS_EXTERN lws_led_intensity_t lws_led_func_linear(lws_led_seq_phase_t n);
LWS_VISIBLE LWS_EXTERN lws_led_intensity_t lws_led_func_sine(lws_led_seq_phase_t n);
LWS_VISIBLE LWS_EXTERN int lws_pwm_plat_init(const struct lws_pwm_ops *lo);
LWS_VISIBLE LWS_EXTERN void lws_pwm_plat_intensity(const struct lws_pwm_ops *lo,
	_lws_plat_gpio_t gpio, lws_led_intensity_t inten);

/* lws-secure-streams-client.h */
LWS_VISIBLE LWS_EXTERN int lws_sspc_add_peer_tx_credit(struct lws_sspc_handle *h, int32_t add);
LWS_VISIBLE LWS_EXTERN void lws_sspc_cancel_timeout(struct lws_sspc_handle *h);
LWS_VISIBLE LWS_EXTERN void lws_sspc_change_handlers(struct lws_sspc_handle *h,
	lws_ss_state_return_t (*rx)(void *, const uint8_t *, size_t, int),
	lws_ss_state_return_t (*tx)(void *, lws_ss_tx_ordinal_t, uint8_t *, size_t *, int *),
	lws_ss_state_return_t (*state)(void *, void *, lws_ss_constate_t, lws_ss_tx_ordinal_t));
LWS_VISIBLE LWS_EXTERN int lws_sspc_client_connect(struct lws_sspc_handle *h);
LWS_VISIBLE LWS_EXTERN int lws_sspc_create(struct lws_context *context, int tsi,
	const lws_ss_info_t *ssi, void *opaque_user_data, struct lws_sspc_handle **ppss,
	struct lws_sequencer *seq_owner, const char **ppayload_fmt);
LWS_VISIBLE LWS_EXTERN void lws_sspc_destroy(struct lws_sspc_handle **ppss);
LWS_VISIBLE LWS_EXTERN struct lws_context *lws_sspc_get_context(struct lws_sspc_handle *h);
LWS_VISIBLE LWS_EXTERN int lws_sspc_get_est_peer_tx_credit(struct lws_sspc_handle *h);
LWS_VISIBLE LWS_EXTERN struct lws_sequencer *lws_sspc_get_sequencer(struct lws_sspc_handle *h);
LWS_VISIBLE LWS_EXTERN int lws_sspc_proxy_create(struct lws_context *context);
LWS_VISIBLE LWS_EXTERN lws_ss_state_return_t lws_sspc_request_tx(struct lws_sspc_handle *pss);
LWS_VISIBLE LWS_EXTERN lws_ss_state_return_t lws_sspc_request_tx_len(struct lws_sspc_handle *h,
	unsigned long len);
LWS_VISIBLE LWS_EXTERN const char *lws_sspc_rideshare(struct lws_sspc_handle *h);
LWS_VISIBLE LWS_EXTERN int lws_sspc_set_metadata(struct lws_sspc_handle *h, const char *name,
	const void *value, size_t len);
LWS_VISIBLE LWS_EXTERN void lws_sspc_start_timeout(struct lws_sspc_handle *h,
	unsigned int timeout_ms);
LWS_VISIBLE LWS_EXTERN void *lws_sspc_to_user_object(struct lws_sspc_handle *h);

/* lws-secure-streams-policy.h */
LWS_VISIBLE LWS_EXTERN const lws_ss_policy_t *lws_ss_policy_get(struct lws_context *context);
LWS_VISIBLE LWS_EXTERN int lws_ss_policy_overlay(struct lws_context *context, const char *overlay);
LWS_VISIBLE LWS_EXTERN int lws_ss_policy_parse(struct lws_context *context, const uint8_t *buf,
	size_t len);
LWS_VISIBLE LWS_EXTERN int lws_ss_policy_parse_abandon(struct lws_context *context);
LWS_VISIBLE LWS_EXTERN int lws_ss_policy_parse_begin(struct lws_context *context, int overlay);

/* lws-secure-streams.h */
LWS_VISIBLE LWS_EXTERN int lws_ss_add_peer_tx_credit(struct lws_ss_handle *h, int32_t add);
LWS_VISIBLE LWS_EXTERN void lws_ss_cancel_timeout(struct lws_ss_handle *h);
LWS_VISIBLE LWS_EXTERN void lws_ss_change_handlers(struct lws_ss_handle *h, int (*rx)(void *,
	const uint8_t *, size_t, int), int (*tx)(void *, lws_ss_tx_ordinal_t, uint8_t *, size_t *, int *),
	int (*state)(void *, void *, lws_ss_constate_t, lws_ss_tx_ordinal_t));
LWS_VISIBLE LWS_EXTERN int lws_ss_client_connect(struct lws_ss_handle *h);
LWS_VISIBLE LWS_EXTERN int lws_ss_create(struct lws_context *context, int tsi,
	const lws_ss_info_t *ssi, void *opaque_user_data, struct lws_ss_handle **ppss,
	struct lws_sequencer *seq_owner, const char **ppayload_fmt);
LWS_VISIBLE LWS_EXTERN void lws_ss_destroy(struct lws_ss_handle **ppss);
LWS_VISIBLE LWS_EXTERN struct lws_context *lws_ss_get_context(struct lws_ss_handle *h);
LWS_VISIBLE LWS_EXTERN int lws_ss_get_est_peer_tx_credit(struct lws_ss_handle *h);
LWS_VISIBLE LWS_EXTERN struct lws_sequencer *lws_ss_get_sequencer(struct lws_ss_handle *h);
LWS_VISIBLE LWS_EXTERN int lws_ss_proxy_create(struct lws_context *context, const char *bind,
	int port);
LWS_VISIBLE LWS_EXTERN lws_ss_state_return_t lws_ss_request_tx(struct lws_ss_handle *pss);
LWS_VISIBLE LWS_EXTERN lws_ss_state_return_t lws_ss_request_tx_len(struct lws_ss_handle *pss,
	unsigned long len);
LWS_VISIBLE LWS_EXTERN const char *lws_ss_rideshare(struct lws_ss_handle *h);
LWS_VISIBLE LWS_EXTERN void lws_ss_server_ack(struct lws_ss_handle *h, int nack);
LWS_VISIBLE LWS_EXTERN int lws_ss_set_metadata(struct lws_ss_handle *h, const char *name,
	const void *value, size_t len);
LWS_VISIBLE LWS_EXTERN void lws_ss_start_timeout(struct lws_ss_handle *h, unsigned int timeout_ms);
LWS_VISIBLE LWS_EXTERN const char *lws_ss_state_name(int state);
LWS_VISIBLE LWS_EXTERN void *lws_ss_to_user_object(struct lws_ss_handle *h);

/* lws-sequencer.h */
LWS_VISIBLE LWS_EXTERN int lws_seq_check_wsi(struct lws_sequencer *seq, struct lws *wsi);
LWS_VISIBLE LWS_EXTERN struct lws_sequencer *lws_seq_create(lws_seq_info_t *info);
LWS_VISIBLE LWS_EXTERN void lws_seq_destroy(struct lws_sequencer **seq);
LWS_VISIBLE LWS_EXTERN struct lws_sequencer *lws_seq_from_user(void *u);
LWS_VISIBLE LWS_EXTERN struct lws_context *lws_seq_get_context(struct lws_sequencer *seq);
LWS_VISIBLE LWS_EXTERN const char *lws_seq_name(struct lws_sequencer *seq);
LWS_VISIBLE LWS_EXTERN int lws_seq_queue_event(struct lws_sequencer *seq, lws_seq_events_t e,
	void *data, void *aux);
LWS_VISIBLE LWS_EXTERN int lws_seq_timeout_us(struct lws_sequencer *seq, lws_usec_t us);
LWS_VISIBLE LWS_EXTERN lws_usec_t lws_seq_us_since_creation(struct lws_sequencer *seq);

/* lws-settings.h */
LWS_VISIBLE LWS_EXTERN void lws_settings_deinit(lws_settings_instance_t **si);
LWS_VISIBLE LWS_EXTERN lws_settings_instance_t *lws_settings_init(const lws_settings_ops_t *so,
	void *opaque_plat);
LWS_VISIBLE LWS_EXTERN int lws_settings_plat_get(lws_settings_instance_t *si, const char *name,
	uint8_t *dest, size_t *max_actual);
LWS_VISIBLE LWS_EXTERN int lws_settings_plat_set(lws_settings_instance_t *si, const char *name,
	const uint8_t *src, size_t len);

/* lws-ssd1306-i2c.h */
LWS_VISIBLE LWS_EXTERN int lws_display_ssd1306_i2c_blit(const struct lws_display *disp,
	const uint8_t *src, lws_display_scalar x, lws_display_scalar y, lws_display_scalar w,
	lws_display_scalar h);
LWS_VISIBLE LWS_EXTERN int lws_display_ssd1306_i2c_contrast(const struct lws_display *disp,
	uint8_t b);
LWS_VISIBLE LWS_EXTERN int lws_display_ssd1306_i2c_init(const struct lws_display *disp);
LWS_VISIBLE LWS_EXTERN int lws_display_ssd1306_i2c_power(const struct lws_display *disp, int state);

/* lws-struct.h */
LWS_VISIBLE LWS_EXTERN signed char lws_struct_default_lejp_cb(struct lejp_ctx *ctx, char reason);
LWS_VISIBLE LWS_EXTERN int lws_struct_json_init_parse(struct lejp_ctx *ctx, lejp_callback cb,
	void *user);
LWS_VISIBLE LWS_EXTERN
	lws_struct_json_serialize_result_t lws_struct_json_serialize(lws_struct_serialize_t *js,
	uint8_t *buf, size_t len, size_t *written);
LWS_VISIBLE LWS_EXTERN
	lws_struct_serialize_t *lws_struct_json_serialize_create(const lws_struct_map_t *map,
	size_t map_entries, int flags, const void *ptoplevel);
LWS_VISIBLE LWS_EXTERN void lws_struct_json_serialize_destroy(lws_struct_serialize_t **pjs);
LWS_VISIBLE LWS_EXTERN signed char lws_struct_schema_only_lejp_cb(struct lejp_ctx *ctx,
	char reason);
LWS_VISIBLE LWS_EXTERN int lws_struct_sq3_close(sqlite3 **pdb);
LWS_VISIBLE LWS_EXTERN int lws_struct_sq3_create_table(sqlite3 *pdb,
	const lws_struct_map_t *schema);
LWS_VISIBLE LWS_EXTERN int lws_struct_sq3_deserialize(sqlite3 *pdb, const char *filter,
	const char *order, const lws_struct_map_t *schema, lws_dll2_owner_t *o, struct lwsac **ac,
	int start, int limit);
LWS_VISIBLE LWS_EXTERN int lws_struct_sq3_open(struct lws_context *context,
	const char *sqlite3_path, char create_if_missing, sqlite3 **pdb);
LWS_VISIBLE LWS_EXTERN int lws_struct_sq3_serialize(sqlite3 *pdb, const lws_struct_map_t *schema,
	lws_dll2_owner_t *owner, uint32_t manual_idx);

/* lws-system.h */
LWS_VISIBLE LWS_EXTERN int lws_dhcpc_remove(struct lws_context *context, const char *iface);
LWS_VISIBLE LWS_EXTERN int lws_dhcpc_request(struct lws_context *c, const char *i, int af,
	dhcpc_cb_t cb, void *opaque);
LWS_VISIBLE LWS_EXTERN int lws_dhcpc_status(struct lws_context *context, lws_sockaddr46 *sa46);

/* lws-test-sequencer.h */
LWS_VISIBLE LWS_EXTERN int lws_abs_unit_test_sequencer(const lws_test_sequencer_args_t *args);

/* lws-threadpool.h */
LWS_VISIBLE LWS_EXTERN int lws_threadpool_dequeue(struct lws *wsi);
LWS_VISIBLE LWS_EXTERN int lws_threadpool_dequeue_task(struct lws_threadpool_task *task);
LWS_VISIBLE LWS_EXTERN void lws_threadpool_destroy(struct lws_threadpool *tp);
LWS_VISIBLE LWS_EXTERN void lws_threadpool_dump(struct lws_threadpool *tp);
LWS_VISIBLE LWS_EXTERN void lws_threadpool_finish(struct lws_threadpool *tp);
LWS_VISIBLE LWS_EXTERN int lws_threadpool_foreach_task_wsi(struct lws *wsi, void *user,
	int (*cb)(struct lws_threadpool_task *, void *));
LWS_VISIBLE LWS_EXTERN struct lws_threadpool_task *lws_threadpool_get_task_wsi(struct lws *wsi);
LWS_VISIBLE LWS_EXTERN
	enum lws_threadpool_task_status lws_threadpool_task_status(struct lws_threadpool_task *task,
	void **user);
LWS_VISIBLE LWS_EXTERN
	enum lws_threadpool_task_status lws_threadpool_task_status_noreap(struct lws_threadpool_task *task);
LWS_VISIBLE LWS_EXTERN
	enum lws_threadpool_task_status lws_threadpool_task_status_wsi(struct lws *wsi,
	struct lws_threadpool_task **task, void **user);
LWS_VISIBLE LWS_EXTERN void lws_threadpool_task_sync(struct lws_threadpool_task *task, int stop);

/* lws-timeout-timer.h */
LWS_VISIBLE LWS_EXTERN void lws_set_timeout_us(struct lws *wsi, enum pending_timeout reason,
	lws_usec_t us);

/* lws-vfs.h */
LWS_VISIBLE LWS_EXTERN int lws_alloc_vfs_file(struct lws_context *context, const char *filename,
	uint8_t **buf, lws_filepos_t *amount);

/* lws-writeable.h */
LWS_VISIBLE LWS_EXTERN int lws_wsi_tx_credit(struct lws *wsi, char peer_to_us, int add);

/* lws-x509.h */
LWS_VISIBLE LWS_EXTERN int lws_tls_acme_sni_cert_create(struct lws_vhost *vhost, const char *san_a,
	const char *san_b);
LWS_VISIBLE LWS_EXTERN int lws_tls_acme_sni_csr_create(struct lws_context *context,
	const char *elements[], uint8_t *csr, size_t csr_len, char **privkey_pem, size_t *privkey_len);
LWS_VISIBLE LWS_EXTERN int lws_x509_jwk_privkey_pem(struct lws_jwk *jwk, void *pem, size_t len,
	const char *passphrase);
LWS_VISIBLE LWS_EXTERN int lws_x509_public_to_jwk(struct lws_jwk *jwk, struct lws_x509_cert *x509,
	const char *curves, int rsabits);

#ifdef __cplusplus
}
#endif

#endif
