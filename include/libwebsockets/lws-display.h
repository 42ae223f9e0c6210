/* Small displays. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_DISPLAY_H
#define LWS_H_DISPLAY_H

struct lws_display;
struct lws_led_state;

typedef uint16_t lws_display_scalar;
typedef struct lws_display_state lws_display_state_t;
typedef struct lws_display lws_display_t;

enum lws_display_controller_state {
	LWSDISPS_OFF,
	LWSDISPS_AUTODIMMED,
	LWSDISPS_BECOMING_ACTIVE,
	LWSDISPS_ACTIVE,
	LWSDISPS_GOING_OFF,
};

/** A display driver. */
struct lws_display {
	int (*init)(const struct lws_display *);
	const lws_pwm_ops_t *bl_pwm_ops;
	int (*contrast)(const struct lws_display *, uint8_t);
	int (*blit)(const struct lws_display *, const uint8_t *, lws_display_scalar, lws_display_scalar, lws_display_scalar, lws_display_scalar);
	int (*power)(const struct lws_display *, int);
	const lws_led_sequence_def_t *bl_active;
	const lws_led_sequence_def_t *bl_dim;
	const lws_led_sequence_def_t *bl_transition;
	void *variant;
	int bl_index;
	lws_display_scalar w;
	lws_display_scalar h;
	uint8_t latency_wake_ms;
};

/** A display and its backlight, dimmed by a timer. */
struct lws_display_state {
	lws_sorted_usec_list_t sul_autodim;
	const lws_display_t *disp;
	struct lws_context *ctx;
	int autodim_ms;
	int off_ms;
	struct lws_led_state *bl_lcs;
	lws_led_state_chs_t chs;
	enum lws_display_controller_state state;
};

#endif
