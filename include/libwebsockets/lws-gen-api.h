/* Written by capi/headergen from the Rust sources; do not edit. */

#ifndef LWS_GEN_API_H
#define LWS_GEN_API_H

#endif  /* LWS_GEN_API_H */
