/* I2C on GPIOs. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_BB_I2C_H
#define LWS_H_BB_I2C_H

typedef struct lws_bb_i2c lws_bb_i2c_t;

/** I2C by two GPIOs. */
struct lws_bb_i2c {
	lws_i2c_ops_t bb_ops;
	_lws_plat_gpio_t scl;
	_lws_plat_gpio_t sda;
	const lws_gpio_ops_t *gpio;
	void (*delay)(void);
};

#define lws_bb_i2c_ops \
	{ \
		.init = lws_bb_i2c_init, .start = lws_bb_i2c_start, .stop = lws_bb_i2c_stop, \
		.write = lws_bb_i2c_write, .read = lws_bb_i2c_read, .set_ack = lws_bb_i2c_set_ack, \
	}

#endif
