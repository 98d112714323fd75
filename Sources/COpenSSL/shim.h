// TLS of OpenSSL: what of it is a macro, or takes a callback of C.
#include <stdint.h>
#include <time.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

/// No key is asked for its passphrase: there may be nobody to answer.
static inline int openssl_no_passphrase(char *room, int size, int writes, void *user) {
  (void)room, (void)size, (void)writes, (void)user;
  return -1;
}

/// What a server needs: TLS 1.2 or newer, nothing resumed, renegotiated or compressed.
static inline SSL_CTX *openssl_server(void) {
  SSL_CTX *context = SSL_CTX_new(TLS_server_method());
  if (!context) return NULL;
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  return context;
}

/// The next certificate of a PEM text, or NULL at its end.
static inline X509 *openssl_certificate(BIO *text) {
  return PEM_read_bio_X509(text, NULL, openssl_no_passphrase, NULL);
}

/// When a certificate ends, seconds since 1970; the latest that can be said when it does not say so.
static inline int64_t openssl_end(X509 *certificate) {
  struct tm time;
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) != 1) return INT64_MAX;
  return (int64_t)timegm(&time);
}

/// The private key of a PEM text.
static inline EVP_PKEY *openssl_key(BIO *text) {
  return PEM_read_bio_PrivateKey(text, NULL, openssl_no_passphrase, NULL);
}

/// Adds a certificate between our own and the authority's.
static inline int openssl_add_chain(SSL_CTX *context, X509 *certificate) {
  return (int)SSL_CTX_add1_chain_cert(context, certificate);
}

/// Asks clients for a certificate, and lets none in without.
static inline void openssl_require_client(SSL_CTX *context) {
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
}

/// A connection in memory: what is put into `input` came from the peer, what is in `output` is for it.
static inline SSL *openssl_connection(SSL_CTX *context, BIO **input, BIO **output) {
  SSL *connection = SSL_new(context);
  if (!connection) return NULL;
  *input = BIO_new(BIO_s_mem());
  *output = BIO_new(BIO_s_mem());
  if (!*input || !*output) {
    BIO_free(*input);
    BIO_free(*output);
    SSL_free(connection);
    return NULL;
  }
  // Both belong to the connection from here on.
  SSL_set_bio(connection, *input, *output);
  SSL_set_accept_state(connection);
  return connection;
}

/// How many bytes wait in memory.
static inline size_t openssl_pending(BIO *memory) { return BIO_ctrl_pending(memory); }

/// Whether the last error only says that a PEM text has ended.
static inline int openssl_is_end_of_text(unsigned long error) {
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}
