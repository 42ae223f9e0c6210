/* Certificates: what is asked for, and the answer. */

#include "../libwebsockets.h"

#ifndef LWS_H_X509_H
#define LWS_H_X509_H

/** The answer to lws_tls_peer_cert_info() and its kin. */
union lws_tls_cert_info_results {
	unsigned int verified;
	time_t time;
	unsigned int usage;
	struct {
		int len;
		/** A text of len bytes and its end, which may reach beyond the member: give room behind it. */
		char name[64];
	} ns;
};

#endif
