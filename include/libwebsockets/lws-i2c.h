/* I2C. Not implemented by this library. */

#include "../libwebsockets.h"

#ifndef LWS_H_I2C_H
#define LWS_H_I2C_H

struct lws_i2c_ops;

typedef struct lws_i2c_ops lws_i2c_ops_t;

/** An I2C driver. */
struct lws_i2c_ops {
	int (*init)(const struct lws_i2c_ops *);
	int (*start)(const struct lws_i2c_ops *);
	void (*stop)(const struct lws_i2c_ops *);
	int (*write)(const struct lws_i2c_ops *, uint8_t);
	int (*read)(const struct lws_i2c_ops *);
	void (*set_ack)(const struct lws_i2c_ops *, int);
};

#endif
