/* ruleset.c: libnftables, found when the first rule is wanted. */
#include <loopcraft/ruleset.h>

#include <dlfcn.h>
#include <nftables/libnftables.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* What is called of the library, by its own prototypes. */
struct nftables {
    void *library;
    __typeof__(&nft_ctx_new) ctx_new;
    __typeof__(&nft_ctx_free) ctx_free;
    __typeof__(&nft_ctx_buffer_output) buffer_output;
    __typeof__(&nft_ctx_buffer_error) buffer_error;
    __typeof__(&nft_ctx_get_error_buffer) get_error_buffer;
    __typeof__(&nft_run_cmd_from_buffer) run_cmd_from_buffer;
};

static const struct {
    const char *name;
    size_t at; /* in struct nftables */
} functions[] = {
    {"nft_ctx_new", offsetof(struct nftables, ctx_new)},
    {"nft_ctx_free", offsetof(struct nftables, ctx_free)},
    {"nft_ctx_buffer_output", offsetof(struct nftables, buffer_output)},
    {"nft_ctx_buffer_error", offsetof(struct nftables, buffer_error)},
    {"nft_ctx_get_error_buffer", offsetof(struct nftables, get_error_buffer)},
    {"nft_run_cmd_from_buffer", offsetof(struct nftables, run_cmd_from_buffer)},
};

struct ruleset {
    struct nftables nft;
    struct nft_ctx *context; /* its netlink socket owns the tables with `flags owner` */
};

/* The name of its binary interface since nftables 0.9.1; `flags owner` came later, with 0.9.9. */
static bool nftables_find(struct nftables *nft)
{
    nft->library = dlopen("libnftables.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!nft->library)
        return false;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        void *found = dlsym(nft->library, functions[i].name);
        if (!found)
            return false;
        memcpy((char *)nft + functions[i].at, &found, sizeof found);
    }
    return true;
}

/* Quietly: what the library would print is kept, and told in an error of ours. */
static bool ruleset_start(struct ruleset *ruleset)
{
    struct nftables *nft = &ruleset->nft;
    return nftables_find(nft) && (ruleset->context = nft->ctx_new(NFT_CTX_DEFAULT)) &&
           nft->buffer_output(ruleset->context) == 0 && nft->buffer_error(ruleset->context) == 0;
}

struct ruleset *ruleset_load(const char *rules, struct text *why)
{
    struct ruleset *ruleset = calloc(1, sizeof *ruleset);
    if (!ruleset || !ruleset_start(ruleset)) {
        text_put(why, "libnftables does not start: is it installed?");
    } else if (ruleset->nft.run_cmd_from_buffer(ruleset->context, rules) == 0) {
        return ruleset;
    } else {
        const char *said = ruleset->nft.get_error_buffer(ruleset->context);
        if (said)
            text_escape(why, (struct bytes){(const uint8_t *)said, strcspn(said, "\n")});
    }
    ruleset_free(ruleset);
    return NULL;
}

void ruleset_free(struct ruleset *ruleset)
{
    if (!ruleset)
        return;
    if (ruleset->context)
        ruleset->nft.ctx_free(ruleset->context);
    if (ruleset->nft.library)
        dlclose(ruleset->nft.library);
    free(ruleset);
}
