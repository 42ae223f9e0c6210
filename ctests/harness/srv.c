/*
 * The configurable server: command line, context, vhosts. Arguments are
 * KEY=VALUE or ON:RULE, in the order given:
 *
 *   vhost=NAME   the following arguments are for a further vhost (with
 *                opt=EXPLICIT_VHOSTS there is no first one)
 *   port=N|same|none|server, iface=NAME, opt=NAME, rx=N, tx=N, ptbuf=N,
 *   pss=N, ka=S, to=S, ahidle=S, server=TEXT, role=NAME, accept=PROTO,
 *   nomounts, mount=POINT,KIND,ORIGIN[,DEFAULT[,PROTO]], cache=..., pvo=...
 *   auth=FILE|callback (the last mount), interpret=SUFFIX,PROTO (all mounts),
 *   cgienv=NAME,VALUE (all mounts), header=NAME,VALUE, keyword=AGENT,ANSWER,
 *   ext=NAME,... (ext.c), log=PATH, keepfile=NAME,TEXT (a file in the working directory)
 *   cert=FILE, key=FILE, ca=FILE (with a leading '@': from memory), pass=TEXT,
 *   ciphers=LIST, ciphers13=LIST, curve=NAME, alpn=LIST, mask=N (events),
 *   sslset=N, sslclear=N, sessions=N
 *   on:[PROTO/]REASON[#N][?IN]=ACTIONS
 */
#include "srv.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>

struct lws_context *cx;
const char *www = "www";

static struct vhost_args {
	struct lws_context_creation_info i;
	struct lws_http_mount mounts[MAX_MOUNTS];
	int mount_count;
	struct lws_protocol_vhost_options pvos[MAX_PVOS];
	int pvo_count, same_port;
} vh[MAX_VHOSTS];
static int vh_count = 1, states;

#define O(x) { #x, LWS_SERVER_OPTION_##x }
static const struct {
	const char *name;
	uint64_t bit;
} options[] = {
	O(REQUIRE_VALID_OPENSSL_CLIENT_CERT), O(PEER_CERT_NOT_REQUIRED),
	O(ALLOW_NON_SSL_ON_SSL_PORT), O(REDIRECT_HTTP_TO_HTTPS),
	O(ALLOW_HTTP_ON_HTTPS_LISTENER), O(DO_SSL_GLOBAL_INIT),
	O(CREATE_VHOST_SSL_CTX), O(SSL_ECDH), O(IGNORE_MISSING_CERT),
	O(DISABLE_OS_CA_CERTS),
	O(SKIP_SERVER_CANONICAL_NAME), O(DISABLE_IPV6), O(VALIDATE_UTF8),
	O(EXPLICIT_VHOSTS), O(UNIX_SOCK), O(STS), O(IPV6_V6ONLY_MODIFY),
	O(IPV6_V6ONLY_VALUE), O(FALLBACK_TO_RAW), O(ONLY_RAW),
	O(FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG),
	O(ADOPT_APPLY_LISTEN_ACCEPT_CONFIG), O(ALLOW_LISTEN_SHARE),
	O(SKIP_PROTOCOL_INIT), O(VHOST_UPG_STRICT_HOST_CHECK),
	O(HTTP_HEADERS_SECURITY_BEST_PRACTICES_ENFORCE),
	O(FAIL_UPON_UNABLE_TO_BIND), O(NO_LWS_SYSTEM_STATES),
};

static void
bad(const char *what)
{
	fprintf(stderr, "srv: do not understand %s\n", what);
	exit(2);
}

static void
add_rule(char *spec)
{
	struct rule *r = &rules[rule_count++];
	char *acts = strchr(spec, '='), *at, reason[64];

	if (rule_count == MAX_RULES || !acts)
		bad(spec);
	*acts++ = '\0';
	r->acts = acts;
	at = strchr(spec, '?');
	if (at) {
		*at++ = '\0';
		r->in = at;
	}
	at = strchr(spec, '#');
	if (at) {
		*at++ = '\0';
		r->nth = atoi(at);
	}
	at = strchr(spec, '/');
	if (at) {
		*at = '\0';
		snprintf(r->proto, sizeof(r->proto), "%s", spec);
		spec = at + 1;
	}
	snprintf(reason, sizeof(reason), "%s", spec);
	r->reason = reason_value(reason);
	if (r->reason < 0)
		bad(reason);
}

static char *
piece(char **rest)
{
	char *start = *rest, *comma = strchr(start, ',');

	if (comma) {
		*comma = '\0';
		*rest = comma + 1;
	} else
		*rest = start + strlen(start);
	return start;
}

static void
add_mount(struct vhost_args *v, char *spec)
{
	static const char *const kinds[] = { "http", "https", "file", "cgi",
					     "redir", "redirs", "callback" };
	struct lws_http_mount *m = &v->mounts[v->mount_count++];
	const char *kind;

	if (v->mount_count == MAX_MOUNTS)
		bad(spec);
	m->mountpoint = piece(&spec);
	m->mountpoint_len = (unsigned char)strlen(m->mountpoint);
	kind = piece(&spec);
	for (size_t n = 0; n < COUNT(kinds); n++)
		if (!strcmp(kinds[n], kind))
			m->origin_protocol = (unsigned char)n;
	m->origin = piece(&spec);
	m->def = piece(&spec);
	if (!m->def[0])
		m->def = NULL;
	m->protocol = *spec ? spec : NULL;
}

/* pvo=PROTO,NAME,VALUE: an option of a protocol */
static void
add_pvo(struct vhost_args *v, char *spec)
{
	const char *proto = piece(&spec), *name = piece(&spec);
	struct lws_protocol_vhost_options *p, *o;

	for (p = (void *)(uintptr_t)v->i.pvo; p; p = (void *)(uintptr_t)p->next)
		if (!strcmp(p->name, proto))
			break;
	if (v->pvo_count + 2 > MAX_PVOS)
		bad(spec);
	if (!p) {
		p = &v->pvos[v->pvo_count++];
		p->next = v->i.pvo;
		p->name = proto;
		p->value = "";
		v->i.pvo = p;
	}
	o = &v->pvos[v->pvo_count++];
	o->next = p->options;
	o->name = name;
	o->value = spec;
	p->options = o;
}

static void
default_mounts(struct vhost_args *v)
{
	static char m1[] = "/,file,www,index.html", m2[] = "/cb,callback,p2",
		    m3[] = "/redir,redir,else/where";
	char *copies[] = { strdup(m3), strdup(m2), strdup(m1) };

	add_mount(v, copies[0]);
	add_mount(v, copies[1]);
	v->mounts[v->mount_count - 1].protocol = "p2";
	add_mount(v, copies[2]);
}

static void
cache_flags(struct vhost_args *v, char *spec)
{
	int age = atoi(piece(&spec));

	for (int n = 0; n < v->mount_count; n++) {
		struct lws_http_mount *m = &v->mounts[n];

		m->cache_max_age = age;
		m->cache_reusable = !!strstr(spec, "reusable");
		m->cache_revalidate = !!strstr(spec, "revalidate");
		m->cache_intermediaries = !!strstr(spec, "intermediaries");
	}
}

static void
mount_mime(struct vhost_args *v, char *spec)
{
	static struct lws_protocol_vhost_options mime;

	mime.name = piece(&spec);
	mime.value = spec;
	for (int n = 0; n < v->mount_count; n++)
		v->mounts[n].extra_mimetypes = &mime;
}

/* one list entry NAME,VALUE in front of a list */
static const struct lws_protocol_vhost_options *
entry(const struct lws_protocol_vhost_options *next, char *spec)
{
	static struct lws_protocol_vhost_options all[MAX_PVOS];
	static int count;
	struct lws_protocol_vhost_options *p = &all[count++];

	if (count == MAX_PVOS)
		bad(spec);
	p->next = next;
	p->name = piece(&spec);
	p->value = spec;
	return p;
}

/* auth=FILE or auth=callback, for the mount before it */
static void
mount_auth(struct vhost_args *v, const char *spec)
{
	struct lws_http_mount *m;

	if (!v->mount_count)
		bad(spec);
	m = &v->mounts[v->mount_count - 1];
	if (!strcmp(spec, "callback"))
		m->auth_mask = LWSAUTHM_BASIC_AUTH_CALLBACK;
	else
		m->basic_auth_login_file = spec;
}

/* keepfile=NAME,TEXT: a file to work with */
static void
keep_file(char *spec)
{
	const char *name = piece(&spec);
	FILE *f = fopen(name, "w");

	if (!f)
		bad(name);
	fputs(spec, f);
	fclose(f);
}

static int
number_arg(struct vhost_args *v, const char *k, const char *s)
{
	struct lws_context_creation_info *i = &v->i;
	int n = atoi(s);

	if (!strcmp(k, "rx") || !strcmp(k, "tx") || !strcmp(k, "pss"))
		for (struct lws_protocols *p = protos; p->name; p++) {
			if (k[0] == 'r')
				p->rx_buffer_size = (size_t)n;
			else if (k[0] == 't')
				p->tx_packet_size = (size_t)n;
			else
				p->per_session_data_size = (size_t)n;
		}
	else if (!strcmp(k, "ptbuf"))
		i->pt_serv_buf_size = (unsigned int)n;
	else if (!strcmp(k, "ka"))
		i->keepalive_timeout = n;
	else if (!strcmp(k, "to"))
		i->timeout_secs = (unsigned int)n;
	else if (!strcmp(k, "ahidle"))
		i->timeout_secs_ah_idle = (unsigned int)n;
	else if (!strcmp(k, "ahdata"))
		i->max_http_header_data2 = (unsigned int)n;
	else if (!strcmp(k, "ahpool"))
		i->max_http_header_pool2 = (unsigned int)n;
	else if (!strcmp(k, "threads"))
		i->count_threads = (unsigned int)n;
	else if (!strcmp(k, "fdlimit"))
		i->fd_limit_per_thread = (unsigned int)n;
	else
		return 0;
	return 1;
}

/* policy=PING,HANGUP: validity in seconds */
static void
policy(struct vhost_args *v, char *spec)
{
	static lws_retry_bo_t bo;

	bo.secs_since_valid_ping = (uint16_t)atoi(piece(&spec));
	bo.secs_since_valid_hangup = (uint16_t)atoi(spec);
	v->i.retry_and_idle_policy = &bo;
}

/* lists that all mounts so far get */
static int
list_arg(struct vhost_args *v, const char *k, char *s)
{
	const struct lws_protocol_vhost_options *p;

	if (strcmp(k, "interpret") && strcmp(k, "cgienv"))
		return 0;
	p = entry(NULL, s);
	for (int n = 0; n < v->mount_count; n++)
		if (k[0] == 'i')
			v->mounts[n].interpret = p;
		else
			v->mounts[n].cgienv = p;
	return 1;
}

/* a whole file, for the members that want memory */
static const void *
slurp(const char *path, unsigned int *len)
{
	FILE *f = fopen(path, "rb");
	char *all = calloc(1, 65536);

	if (!f || !all)
		bad(path);
	*len = (unsigned int)fread(all, 1, 65535, f);
	fclose(f);
	return all;
}

static int
tls_arg(struct vhost_args *v, const char *k, char *s)
{
	struct lws_context_creation_info *i = &v->i;
	int mem = s[0] == '@';

	if (!strcmp(k, "cert") && mem)
		i->server_ssl_cert_mem = slurp(s + 1, &i->server_ssl_cert_mem_len);
	else if (!strcmp(k, "key") && mem)
		i->server_ssl_private_key_mem =
			slurp(s + 1, &i->server_ssl_private_key_mem_len);
	else if (!strcmp(k, "ca") && mem)
		i->server_ssl_ca_mem = slurp(s + 1, &i->server_ssl_ca_mem_len);
	else if (!strcmp(k, "cert"))
		i->ssl_cert_filepath = s;
	else if (!strcmp(k, "key"))
		i->ssl_private_key_filepath = s;
	else if (!strcmp(k, "ca"))
		i->ssl_ca_filepath = s;
	else if (!strcmp(k, "pass"))
		i->ssl_private_key_password = s;
	else if (!strcmp(k, "ciphers"))
		i->ssl_cipher_list = s;
	else if (!strcmp(k, "ciphers13"))
		i->tls1_3_plus_cipher_list = s;
	else if (!strcmp(k, "curve"))
		i->ecdh_curve = s;
	else if (!strcmp(k, "alpn"))
		i->alpn = s;
	else if (!strcmp(k, "mask"))
		i->ssl_info_event_mask = (int)strtol(s, NULL, 0);
	else if (!strcmp(k, "material"))
		/* several of these in one word */
		while (*s) {
			char *one = piece(&s), *value = strchr(one, '=');

			*value++ = '\0';
			if (!tls_arg(v, one, value))
				bad(one);
		}
	else if (!strcmp(k, "sslset"))
		i->ssl_options_set = strtol(s, NULL, 0);
	else if (!strcmp(k, "sslclear"))
		i->ssl_options_clear = strtol(s, NULL, 0);
	else if (!strcmp(k, "sessions"))
		i->simultaneous_ssl_restriction = atoi(s);
	else
		return 0;
	return 1;
}

static int
text_arg(struct vhost_args *v, const char *k, char *s)
{
	struct lws_context_creation_info *i = &v->i;

	if (!strcmp(k, "iface"))
		i->iface = s;
	else if (!strcmp(k, "name"))
		i->vhost_name = s;
	else if (!strcmp(k, "server"))
		i->server_string = s;
	else if (!strcmp(k, "role"))
		i->listen_accept_role = s;
	else if (!strcmp(k, "accept"))
		i->listen_accept_protocol = s;
	else if (!strcmp(k, "perms"))
		i->unix_socket_perms = s;
	else if (!strcmp(k, "doc404"))
		i->error_document_404 = s;
	else if (!strcmp(k, "ext"))
		i->extensions = ext_list(s);
	else if (!strcmp(k, "mount"))
		add_mount(v, s);
	else if (!strcmp(k, "pvo"))
		add_pvo(v, s);
	else if (!strcmp(k, "cache"))
		cache_flags(v, s);
	else if (!strcmp(k, "mime"))
		mount_mime(v, s);
	else if (!strcmp(k, "policy"))
		policy(v, s);
	else if (!strcmp(k, "auth"))
		mount_auth(v, s);
	else if (!strcmp(k, "keepfile"))
		keep_file(s);
	else if (!strcmp(k, "header"))
		i->headers = entry(i->headers, s);
	else if (!strcmp(k, "keyword"))
		i->reject_service_keywords =
			entry(i->reject_service_keywords, s);
	else if (!strcmp(k, "log"))
		i->log_filepath = s;
	else if (!list_arg(v, k, s))
		return 0;
	return 1;
}

static void
option_arg(struct vhost_args *v, const char *s)
{
	for (size_t n = 0; n < COUNT(options); n++)
		if (!strcmp(options[n].name, s)) {
			v->i.options |= options[n].bit;
			return;
		}
	bad(s);
}

static void
port_arg(struct vhost_args *v, const char *s)
{
	v->same_port = !strcmp(s, "same");
	if (!strcmp(s, "none"))
		v->i.port = CONTEXT_PORT_NO_LISTEN;
	else if (!strcmp(s, "server"))
		v->i.port = CONTEXT_PORT_NO_LISTEN_SERVER;
	else
		v->i.port = atoi(s);
}

static void
finalize(struct lws_vhost *v, void *arg)
{
	(void)v;
	tr_line("finalize %s", (const char *)arg);
}

static struct vhost_args *
new_vhost(char *name)
{
	struct vhost_args *v = &vh[vh_count++];

	if (vh_count > MAX_VHOSTS)
		bad(name);
	v->i.vhost_name = name;
	v->i.finalize_arg = name;
	v->i.finalize = finalize;
	v->i.protocols = protos;
	v->i.gid = v->i.uid = -1;
	return v;
}

static void
parse(int argc, char **argv)
{
	struct vhost_args *v = vh;
	int plain = 0;

	v->i.protocols = protos;
	v->i.gid = v->i.uid = -1;
	v->i.finalize = finalize;
	v->i.finalize_arg = (void *)(uintptr_t)"default";
	for (int n = 1; n < argc; n++) {
		char *k = argv[n], *s;

		if (!strncmp(k, "on:", 3)) {
			add_rule(k + 3);
			continue;
		}
		s = strchr(k, '=');
		if (s)
			*s++ = '\0';
		if (!strcmp(k, "nomounts"))
			plain = 1;
		else if (!strcmp(k, "showtid"))
			show_tid = 1;
		else if (!strcmp(k, "showcancel"))
			show_cancel = 1;
		else if (!strcmp(k, "states"))
			states = 1;
		else if (!strcmp(k, "mounts"))
			default_mounts(v);
		else if (!s)
			bad(k);
		else if (!strcmp(k, "vhost"))
			v = new_vhost(s);
		else if (!strcmp(k, "opt"))
			option_arg(v, s);
		else if (!strcmp(k, "port"))
			port_arg(v, s);
		else if (!number_arg(v, k, s) && !text_arg(v, k, s) &&
			 !tls_arg(v, k, s))
			bad(k);
	}
	if (!plain && !vh[0].mount_count)
		default_mounts(&vh[0]);
	for (int m = 0; m < vh_count; m++) {
		for (int n = 1; n < vh[m].mount_count; n++)
			vh[m].mounts[n].mount_next = &vh[m].mounts[n - 1];
		if (vh[m].mount_count)
			vh[m].i.mounts = &vh[m].mounts[vh[m].mount_count - 1];
	}
}

static int
notify(struct lws_state_manager *mgr, struct lws_state_notify_link *link,
       int current, int target)
{
	(void)mgr;
	(void)link;
	if (states)
		tr_line("state %d -> %d", current, target);
	return 0;
}

static void
report_port(struct lws_vhost *v, const char *name)
{
	printf("@port %s %d\n", name, lws_get_vhost_listen_port(v));
	fflush(stdout);
}

/* big receive buffers, so that a whole step's bytes can wait in the kernel */
static void
widen_listeners(void)
{
	int size = 8 << 20;

	for (int fd = 3; fd < 64; fd++) {
		int on = 0;
		socklen_t len = sizeof(on);

		if (!getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &len) && on)
			setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size,
				   sizeof(size));
	}
}

static int
start(void)
{
	static lws_state_notify_link_t nl = { { NULL, NULL, NULL }, notify,
					      "ctests" };
	static lws_state_notify_link_t *nls[] = { &nl, NULL };
	int first = vh[0].i.options & LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	struct lws_vhost *v;

	vh[0].i.pcontext = &cx;
	if (states)
		vh[0].i.register_notifier_list = nls;
	cx = lws_create_context(&vh[0].i);
	tr_line("lws_create_context=%s", cx ? "ok" : "NULL");
	if (!cx)
		return -1;
	v = lws_get_vhost_by_name(cx, vh[0].i.vhost_name ?
				  vh[0].i.vhost_name : "default");
	if (!first && v)
		report_port(v, "default");
	for (int n = 1; n < vh_count; n++) {
		if (vh[n].same_port)
			vh[n].i.port = lws_get_vhost_listen_port(v);
		v = lws_create_vhost(cx, &vh[n].i);
		tr_line("lws_create_vhost(%s)=%s", vh[n].i.vhost_name,
			v ? "ok" : "NULL");
		if (v)
			report_port(v, vh[n].i.vhost_name);
	}
	widen_listeners();
	return 0;
}

int
main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	lws_set_log_level(LLL_ERR | LLL_WARN, NULL);
	parse(argc, argv);
	if (!start()) {
		ctl_loop();
		if (cx) {
			tr_line("lws_context_destroy");
			lws_context_destroy(cx);
		}
		tr_line("context %s", cx ? "there" : "NULL");
	}
	printf("@end\n");
	return 0;
}
