/* Elliptic curves by the TLS library. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_GENEC_H
#define LWS_H_GENEC_H

enum enum_genec_alg {
	LEGENEC_UNKNOWN,
	LEGENEC_ECDH,
	LEGENEC_ECDSA,
};

enum enum_lws_dh_side {
	LDHS_OURS,
	LDHS_THEIRS,
};

/** A row of a curve table. */
struct lws_ec_curves {
	const char *name;
	int tls_lib_nid;
	uint16_t key_bytes;
};

/** An elliptic curve operation. */
struct lws_genec_ctx {
	EVP_PKEY_CTX *ctx[2];
	struct lws_context *context;
	const struct lws_ec_curves *curve_table;
	enum enum_genec_alg genec_alg;
	char has_private;
};

#endif
