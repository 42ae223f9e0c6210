/* Network devices of small systems. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_NETDEV_H
#define LWS_H_NETDEV_H

struct lws_netdev_ops;
struct lws_netdev_instance;

#define LWS_WIFI_MAX_SCAN_TRACK 16
#define LWS_ETH_ALEN 6

typedef struct lws_netdev_config lws_netdev_config_t;
typedef struct lws_netdev_instance lws_netdev_instance_t;
typedef struct lws_netdev_instance_wifi lws_netdev_instance_wifi_t;
typedef struct lws_netdev_ops lws_netdev_ops_t;
typedef struct lws_netdevs lws_netdevs_t;
typedef uint8_t lws_wifi_ch_t;
typedef struct lws_wifi_creds lws_wifi_creds_t;
typedef int8_t lws_wifi_rssi_t;
typedef struct lws_wifi_sta lws_wifi_sta_t;

typedef enum {
	LWSNDTYP_UNKNOWN,
	LWSNDTYP_WIFI,
	LWSNDTYP_ETH,
} lws_netdev_type_t;

enum {
	LNDIW_ALG_OPEN,
	LNDIW_ALG_WPA2,
	LNDIW_MODE_STA = 1,
	LNDIW_MODE_AP,
	LNDIW_UP = 128,
	LNDIW_ACQ_IPv4 = 1,
	LNDIW_ACQ_IPv6,
};

typedef enum {
	LWSNDVWIFI_STATE_INITIAL,
	LWSNDVWIFI_STATE_SCAN,
	LWSNDVWIFI_STATE_AP,
	LWSNDVWIFI_STATE_AP_SCAN,
	LWSNDVWIFI_STATE_STAT_GRP_AP,
	LWSNDVWIFI_STATE_STAT_GRP_AP_SCAN,
	LWSNDVWIFI_STATE_STAT,
	LWSNDVWIFI_STATE_STAT_HAPPY,
} lws_netdev_wifi_state_t;

/** Platform data of a device. */
struct lws_netdev_config {
	void *plat_config;
};

/** A device. */
struct lws_netdev_instance {
	const char *name;
	const lws_netdev_ops_t *ops;
	void *platinfo;
	lws_dll2_t list;
	uint8_t mac[LWS_ETH_ALEN];
	uint8_t type;
};

/** A wifi device. */
struct lws_netdev_instance_wifi {
	lws_netdev_instance_t inst;
	lws_dll2_owner_t scan;
	lws_sorted_usec_list_t sul_scan;
	lws_wifi_creds_t *ap_cred;
	const char *ap_ip;
	const char *sta_ads;
	char current_attempt_ssid[33];
	uint8_t current_attempt_bssid[LWS_ETH_ALEN];
	uint8_t flags;
	uint8_t state;
};

/** A device driver. */
struct lws_netdev_ops {
	struct lws_netdev_instance *(*create)(struct lws_context *, const struct lws_netdev_ops *, const char *, void *);
	int (*configure)(struct lws_netdev_instance *, lws_netdev_config_t *);
	int (*up)(struct lws_netdev_instance *);
	int (*down)(struct lws_netdev_instance *);
	int (*event)(struct lws_netdev_instance *, lws_usec_t, void *, size_t);
	void (*destroy)(struct lws_netdev_instance **);
	int (*connect)(struct lws_netdev_instance *, const char *, const char *, uint8_t *);
	void (*scan)(struct lws_netdev_instance *);
};

/** All devices. */
struct lws_netdevs {
	lws_dll2_owner_t owner;
	lws_dll2_owner_t owner_creds;
	struct lwsac *ac_creds;
	lws_settings_instance_t *si;
	lws_sockaddr46 sa46_dns_resolver;
	uint8_t refcount_creds;
};

/** Credentials of one network. */
struct lws_wifi_creds {
	lws_dll2_t list;
	uint8_t bssid[LWS_ETH_ALEN];
	char passphrase[64];
	char ssid[33];
	uint8_t alg;
};

/** A station found by a scan. */
struct lws_wifi_sta {
	lws_dll2_t list;
	uint32_t last_seen;
	uint32_t last_tried;
	uint8_t bssid[LWS_ETH_ALEN];
	char *ssid;
	uint8_t ssid_len;
	lws_wifi_ch_t ch;
	lws_wifi_rssi_t rssi[8];
	int16_t rssi_avg;
	uint8_t authmode;
	uint8_t rssi_count;
	uint8_t rssi_next;
};

#define lws_netdev_wifi_plat_ops \
	.create = lws_netdev_wifi_create_plat, .configure = lws_netdev_wifi_configure_plat, \
	.event = lws_netdev_wifi_event_plat, .up = lws_netdev_wifi_up_plat, .down = lws_netdev_wifi_down_plat, \
	.connect = lws_netdev_wifi_connect_plat, .scan = lws_netdev_wifi_scan_plat, \
	.destroy = lws_netdev_wifi_destroy_plat

/** Mean signal strength of a station; -200 when there is none. */
#define rssi_averaged(_x) ((_x)->rssi_count ? (int)(_x)->rssi_avg / (int)(_x)->rssi_count : -200)

#endif
