/* Pulse width modulation. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_PWM_H
#define LWS_H_PWM_H

struct lws_pwm_ops;

typedef struct lws_pwm_map lws_pwm_map_t;
typedef struct lws_pwm_ops lws_pwm_ops_t;

/** One channel. */
struct lws_pwm_map {
	_lws_plat_gpio_t gpio;
	uint8_t index;
	uint8_t active_level;
};

/** A PWM driver. */
struct lws_pwm_ops {
	int (*init)(const struct lws_pwm_ops *);
	void (*intensity)(const struct lws_pwm_ops *, _lws_plat_gpio_t, lws_led_intensity_t);
	const lws_pwm_map_t *pwm_map;
	uint8_t count_pwm_map;
};

#define lws_pwm_plat_ops .init = lws_pwm_plat_init, .intensity = lws_pwm_plat_intensity

extern const lws_led_sequence_def_t lws_pwmseq_sine_up, lws_pwmseq_sine_down, lws_pwmseq_linear_wipe,
	lws_pwmseq_sine_endless_slow, lws_pwmseq_sine_endless_fast, lws_pwmseq_static_on, lws_pwmseq_static_half,
	lws_pwmseq_static_off;

#endif
