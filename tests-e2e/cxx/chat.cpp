// A chat room as a C++20 program would write it: RAII, no globals for state, the
// library's thread beside the program's own. Text from one client goes to all;
// /members answers by http; the program's main thread announces "closing" to all
// before it ends, from outside the service thread.
//
//     chat [PORT]

#include <libwebsockets.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace std::string_view_literals;

// Text with the room that lws_write() wants before it.
class Outgoing {
public:
    explicit Outgoing(std::string_view text) : bytes_(LWS_PRE + text.size())
    {
        std::ranges::copy(text, bytes_.begin() + LWS_PRE);
    }

    bool send(lws *wsi, lws_write_protocol kind)
    {
        const auto size = bytes_.size() - LWS_PRE;
        return lws_write(wsi, bytes_.data() + LWS_PRE, size, kind) >= static_cast<int>(size);
    }

private:
    std::vector<unsigned char> bytes_;
};

struct Member {
    lws *wsi;
    std::string partial; // of a message in fragments
    std::deque<std::shared_ptr<const std::string>> waiting;
};

struct ContextDeleter {
    void operator()(lws_context *context) const { lws_context_destroy(context); }
};

class Room {
public:
    explicit Room(int port)
    {
        lws_context_creation_info info{};
        info.port = port;
        info.protocols = protocols_;
        info.vhost_name = "localhost";
        info.user = this;
        info.options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
        context_.reset(lws_create_context(&info));
        if (context_)
            service_ = std::jthread([this](std::stop_token stop) { serve(stop); });
    }

    ~Room()
    {
        if (!context_)
            return;
        service_.request_stop();
        lws_cancel_service(context_.get());
        service_.join();
    }

    Room(const Room &) = delete;
    Room &operator=(const Room &) = delete;

    [[nodiscard]] bool is_open() const { return context_ != nullptr; }

    [[nodiscard]] int port() const
    {
        return lws_get_vhost_listen_port(lws_get_vhost_by_name(context_.get(), "localhost"));
    }

    // From any thread: EVENT_WAIT_CANCELLED brings it to the service thread.
    void announce(std::string_view text)
    {
        {
            const std::lock_guard guard{lock_};
            announcements_.emplace_back(text);
        }
        lws_cancel_service(context_.get());
    }

private:
    static int on_http(lws *wsi, lws_callback_reasons reason, void *user, void *in, size_t len)
    {
        if (reason == LWS_CALLBACK_HTTP && std::string_view(static_cast<const char *>(in)) == "/members"sv)
            return of(wsi).answer_members(wsi);
        return lws_callback_http_dummy(wsi, reason, user, in, len);
    }

    static int on_chat(lws *wsi, lws_callback_reasons reason, void *user, void *in, size_t len)
    {
        auto &room = of(wsi);
        auto *slot = static_cast<Member **>(user); // per-session memory holds only the pointer

        switch (reason) {
        case LWS_CALLBACK_ESTABLISHED:
            *slot = room.enter(wsi);
            break;
        case LWS_CALLBACK_CLOSED:
            std::erase_if(room.members_, [&](const auto &member) { return member.get() == *slot; });
            break;
        case LWS_CALLBACK_RECEIVE:
            room.receive(**slot, std::span(static_cast<const char *>(in), len), lws_is_final_fragment(wsi) != 0);
            break;
        case LWS_CALLBACK_SERVER_WRITEABLE:
            return room.write(**slot) ? 0 : -1;
        case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
            room.take_announcements();
            break;
        default:
            break;
        }
        return 0;
    }

    static Room &of(lws *wsi) { return *static_cast<Room *>(lws_context_user(lws_get_context(wsi))); }

    void serve(const std::stop_token &stop)
    {
        while (!stop.stop_requested() && lws_service(context_.get(), 0) >= 0) {
        }
    }

    Member *enter(lws *wsi)
    {
        members_.push_back(std::make_unique<Member>(Member{wsi, {}, {}}));
        return members_.back().get();
    }

    void receive(Member &from, std::span<const char> piece, bool is_last)
    {
        from.partial.append(piece.data(), piece.size());
        if (is_last)
            broadcast(std::exchange(from.partial, {}));
    }

    void broadcast(std::string text)
    {
        const auto shared = std::make_shared<const std::string>(std::move(text));
        for (const auto &member : members_) {
            member->waiting.push_back(shared);
            lws_callback_on_writable(member->wsi);
        }
    }

    static bool write(Member &member)
    {
        if (member.waiting.empty())
            return true;
        Outgoing out{*member.waiting.front()};
        member.waiting.pop_front();
        if (!member.waiting.empty())
            lws_callback_on_writable(member.wsi);
        return out.send(member.wsi, LWS_WRITE_TEXT);
    }

    void take_announcements()
    {
        std::vector<std::string> news;
        {
            const std::lock_guard guard{lock_};
            news.swap(announcements_);
        }
        for (auto &text : news)
            broadcast(std::move(text));
    }

    int answer_members(lws *wsi) const
    {
        std::ostringstream json;
        json << "{\"members\":" << members_.size() << "}\n";
        const auto text = json.str();
        unsigned char headers[LWS_PRE + 512];
        auto *const start = headers + LWS_PRE;
        auto *position = start;

        if (lws_add_http_common_headers(wsi, HTTP_STATUS_OK, "application/json", text.size(), &position,
                                        headers + sizeof(headers) - 1) ||
            lws_finalize_write_http_header(wsi, start, &position, headers + sizeof(headers) - 1) ||
            !Outgoing{text}.send(wsi, LWS_WRITE_HTTP_FINAL) || lws_http_transaction_completed(wsi))
            return -1;
        return 0;
    }

    static constexpr lws_protocols protocols_[] = {
        {"http", on_http, 0, 0, 0, nullptr, 0},
        {"chat", on_chat, sizeof(Member *), 0, 0, nullptr, 0},
        {nullptr, nullptr, 0, 0, 0, nullptr, 0},
    };

    std::mutex lock_;
    std::vector<std::string> announcements_; // guarded by lock_
    std::vector<std::unique_ptr<Member>> members_; // service thread only
    std::unique_ptr<lws_context, ContextDeleter> context_;
    std::jthread service_;
};

} // namespace

int main(int argc, char **argv)
{
    // before any thread starts, so that all inherit it and main alone waits for them
    sigset_t asked;
    sigemptyset(&asked);
    for (const int signal : {SIGINT, SIGTERM, SIGUSR1})
        sigaddset(&asked, signal);
    pthread_sigmask(SIG_BLOCK, &asked, nullptr);

    Room room{argc > 1 ? std::stoi(argv[1]) : 7681};
    if (!room.is_open())
        return 1;
    lwsl_notice("listening on port %d\n", room.port());

    for (int signal = 0; !sigwait(&asked, &signal) && signal == SIGUSR1;)
        room.announce("closing soon");

    return 0;
}
