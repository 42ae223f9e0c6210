/* Push buttons on GPIOs. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_BUTTON_H
#define LWS_H_BUTTON_H

struct lws_button_state;

#define LWS_BUTTON_MON_TIMER_MS 5

typedef struct lws_button_controller lws_button_controller_t;
typedef uint16_t lws_button_idx_t;
typedef struct lws_button_map lws_button_map_t;
typedef struct lws_button_regime lws_button_regime_t;

enum {
	LWSBTNRGMFLAG_CLASSIFY_DOUBLECLICK = 1,
};

typedef void (*lws_button_cb_t)(void *, lws_button_idx_t, int);

/** All buttons. */
struct lws_button_controller {
	const char *smd_bc_name;
	const lws_gpio_ops_t *gpio_ops;
	const lws_button_map_t *button_map;
	lws_button_idx_t active_state_bitmap;
	uint8_t count_buttons;
};

/** One button. */
struct lws_button_map {
	_lws_plat_gpio_t gpio;
	const char *smd_interaction_name;
	const lws_button_regime_t *regime;
};

/** Times that tell a press from a bounce. */
struct lws_button_regime {
	uint16_t ms_min_down;
	uint16_t ms_min_down_longpress;
	uint16_t ms_up_settle;
	uint16_t ms_doubleclick_grace;
	uint16_t ms_repeat_down;
	uint8_t flags;
};

#endif
