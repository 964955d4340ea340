// The parts of OpenSSL's libcrypto that request signing, checksums and the signatures of handlers need.
#ifndef HEADRACE_CLIBCRYPTO_H
#define HEADRACE_CLIBCRYPTO_H

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/md5.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#endif
