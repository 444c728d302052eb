import HTTPTypes
import NIOCore
import Testing

@testable import Upstream

/// One call across its attempts, without any connection.
struct `A call across its attempts` {
    private static let url = "https://e.test/a/b?q=1"

    private static func call(
        _ method: HTTPRequest.Method = .get, body: UpstreamRequest.Body = .none, redirects: Int = 3, attempts: Int = 3,
        limits: UpstreamLimits = .json, change: (inout UpstreamRequest) -> Void = { _ in }
    ) throws -> Call {
        var request = UpstreamRequest(method: method, url: url, body: body, limits: limits, maxRedirects: redirects)
        change(&request)
        return try Call(request, policy: RetryPolicy(attempts: attempts, base: .zero))
    }

    private static let streamed = UpstreamRequest.Body.stream(length: nil) { _ in }
    private static let repeatable = UpstreamRequest.Body.repeatable(length: 1) { _ in }

    @Test(arguments: ["", "e.test", "ftp://e.test/", "https://user:secret@e.test/?token=secret", "https://e.test:99999/"])
    func `needs an address, and quotes none of it`(address: String) {
        let error = #expect(throws: UpstreamError.self) { try Call(UpstreamRequest(url: address), policy: .standard) }
        #expect(error?.code == .invalidRequest && error?.phase == .connecting)
        #expect(error?.message.contains("secret") == false)
    }

    // MARK: Sending again

    @Test(
        arguments: [
            (.get, .none, .couldNotConnect, true), (.post, .none, .couldNotConnect, true), (.post, streamed, .couldNotConnect, true),
            (.get, .none, .interrupted, true), (.post, .none, .interrupted, false), (.get, streamed, .interrupted, false),
            (.get, repeatable, .interrupted, true), (.get, .none, .outcomeUnknown, false), (.get, .none, .timedOut, false),
            (.get, .none, .badResponse, false), (.get, .none, .egressRefused, false), (.get, .none, .cancelled, false),
            (.get, .none, .sourceFailed, false), (.get, .none, .responseTooLarge, false), (.get, .none, .providerBusy, false),
        ] as [(HTTPRequest.Method, UpstreamRequest.Body, UpstreamError.Code, Bool)])
    func `may be sent again where nothing can have been carried out`(
        method: HTTPRequest.Method, body: UpstreamRequest.Body, code: UpstreamError.Code, isRetried: Bool
    ) throws {
        var call = try Self.call(method, body: body)
        #expect(call.mayRetry(UpstreamError(code, "m"), budget: SharedRetryBudget()) == isRetried)
    }

    @Test(
        arguments: [
            (.get, .none, 503, nil, true), (.post, .none, 503, nil, false), (.post, .none, 503, "1", true), (.post, .none, 429, "1", true),
            (.get, .none, 429, nil, false), (.get, .none, 503, "60", false), (.get, .none, 502, nil, true), (.get, .none, 504, nil, true),
            (.get, .none, 500, nil, false), (.get, .none, 404, nil, false), (.post, streamed, 429, "1", false),
            (.get, .none, 429, "soon", false),
        ] as [(HTTPRequest.Method, UpstreamRequest.Body, Int, String?, Bool)])
    func `may be sent again where the provider turned it away`(
        method: HTTPRequest.Method, body: UpstreamRequest.Body, status: Int, retryAfter: String?, isRetried: Bool
    ) throws {
        var call = try Self.call(method, body: body)
        var headers: HTTPFields = [:]
        headers[.retryAfter] = retryAfter
        #expect(call.mayRetry(status: status, headers, budget: SharedRetryBudget()) == isRetried)
    }

    @Test func `is sent so many times, and no more than the budget of all calls allows`() throws {
        let failure = UpstreamError(.couldNotConnect, "m")
        var call = try Self.call(attempts: 3)
        let budget = SharedRetryBudget()
        #expect((0..<4).map { _ in call.mayRetry(failure, budget: budget) } == [true, true, false, false])
        var taken = 0
        for _ in 0..<20 {
            var other = try Self.call()
            if other.mayRetry(failure, budget: budget) { taken += 1 }
        }
        #expect(taken == 8, "ten were saved up")
        budget.deposit()
        var more = try Self.call()
        #expect(more.mayRetry(failure, budget: budget) == false, "one in five calls earns a retry")
    }

    @Test func `takes nothing from the budget where it would not be sent again anyway`() throws {
        let budget = SharedRetryBudget()
        for _ in 0..<50 {
            var call = try Self.call(.post)
            #expect(call.mayRetry(UpstreamError(.interrupted, "m"), budget: budget) == false)
        }
        var call = try Self.call()
        #expect(call.mayRetry(UpstreamError(.couldNotConnect, "m"), budget: budget) == true)
    }

    @Test func `is not sent again when its time is over`() throws {
        var call = try Self.call(limits: UpstreamLimits(total: .zero))
        #expect(call.mayRetry(UpstreamError(.couldNotConnect, "m"), budget: SharedRetryBudget()) == false)
    }

    @Test func `waits between attempts until it is cancelled`() async throws {
        let request = UpstreamRequest(url: Self.url, limits: UpstreamLimits(total: nil))
        let code = await withTaskGroup(of: UpstreamError.Code?.self) { group in
            group.addTask {
                var call = try? Call(request, policy: .standard)
                guard call?.mayRetry(status: 429, [.retryAfter: "3"], budget: SharedRetryBudget()) == true else { return nil }
                do throws(UpstreamError) {
                    try await call?.pause()
                    return nil
                } catch { return error.code }
            }
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(code == .cancelled)
    }

    // MARK: Redirects

    @Test(
        arguments: [
            (.get, 301, "/x", true), (.get, 302, "/x", true), (.get, 303, "/x", true), (.get, 307, "/x", true), (.get, 308, "/x", true),
            (.head, 302, "/x", true), (.post, 302, "/x", false), (.post, 307, "/x", false), (.put, 308, "/x", false),
            (.get, 300, "/x", false), (.get, 304, "/x", false), (.get, 305, "/x", false), (.get, 302, nil, false),
        ] as [(HTTPRequest.Method, Int, String?, Bool)])
    func `follows a redirect where it only reads`(method: HTTPRequest.Method, status: Int, location: String?, follows: Bool) throws {
        var call = try Self.call(method)
        var headers: HTTPFields = [:]
        headers[.location] = location
        #expect(try call.follow(status: status, headers) == follows)
        #expect(call.url.description == (follows ? "https://e.test/x" : Self.url))
    }

    @Test(arguments: [0, 1, 3]) func `follows so many redirects`(most: Int) throws {
        var call = try Self.call(redirects: most)
        let followed = try (0..<5).map { try call.follow(status: 302, [.location: "/\($0)"]) }
        #expect(followed == (0..<5).map { $0 < most })
    }

    @Test(arguments: ["", "#top"]) func `stays where it is for a redirect without a path`(location: String) throws {
        var call = try Self.call()
        #expect(try call.follow(status: 302, [.location: location]))
        #expect(call.url.description == Self.url)
    }

    @Test(arguments: [
        ("https://e.test/x", true), ("https://e.test:443/x", true), ("/x", true), ("https://e.test:444/x", false),
        ("https://f.test/x", false),
        ("//f.test/x", false), ("https://sub.e.test/x", false),
    ]) func `takes its credentials along to the same origin alone`(location: String, keeps: Bool) throws {
        let key = try #require(HTTPField.Name("X-Key"))
        var call = try Self.call { request in
            request.headers = [.authorization: "a", .cookie: "b", .proxyAuthorization: "c", key: "d", .accept: "e"]
            request.credentialFields = [key]
            request.onUnauthorized = { $0 }
        }
        #expect(try call.follow(status: 302, [.location: location]))
        #expect(Set(call.request.headers.map(\.value)) == (keeps ? ["a", "b", "c", "d", "e"] : ["e"]))
        #expect((call.request.onUnauthorized != nil) == keeps, "fresh ones are none of another's business")
    }

    @Test(arguments: ["http://e.test/", "ftp://e.test/", "https://a@e.test/", "https://2130706433/"])
    func `does not follow where it must not go`(location: String) throws {
        var call = try Self.call()
        #expect(throws: UpstreamError.self) { try call.follow(status: 302, [.location: location]) }
    }

    // MARK: Fresh credentials

    @Test func `asks for fresh credentials once`() async throws {
        var call = try Self.call { $0.onUnauthorized = { UpstreamRequest(url: $0.url + "&fresh=1") } }
        #expect(try await call.refresh())
        #expect(call.url.requestTarget == "/a/b?q=1&fresh=1" && call.request.url.hasSuffix("fresh=1"))
        #expect(try await !call.refresh())
    }

    @Test func `asks for none where its body is gone, or nobody has any`() async throws {
        var gone = try Self.call(.post, body: Self.streamed) { $0.onUnauthorized = { $0 } }
        #expect(try await !gone.refresh())
        var nobody = try Self.call()
        #expect(try await !nobody.refresh())
        var refused = try Self.call { $0.onUnauthorized = { _ in nil } }
        #expect(try await !refused.refresh())
        #expect(refused.url.description == Self.url)
    }

    @Test func `fails where the fresh request is none`() async throws {
        var call = try Self.call { $0.onUnauthorized = { _ in UpstreamRequest(url: "nowhere") } }
        await #expect(throws: UpstreamError.self) { try await call.refresh() }
        var broken = try Self.call { $0.onUnauthorized = { _ in throw Boom() } }
        await #expect(throws: Boom.self) { try await broken.refresh() }
    }

    // MARK: What is noted of it

    @Test(
        arguments: [
            (nil, 200, "ok"), (nil, 399, "ok"), (nil, 404, "remote_error"), (nil, 500, "remote_error"),
            (UpstreamError(.timedOut, "m"), nil, "upstream_timed_out"), (UpstreamError(.interrupted, "m"), 200, "upstream_interrupted"),
            (CancellationError(), 200, "cancelled"), (Boom(), nil, "source_failed"), (Boom(), 200, "ok"), (Boom(), 404, "remote_error"),
        ] as [((any Error & Sendable)?, Int?, String)])
    func `is noted with what became of it`(error: (any Error & Sendable)?, status: Int?, code: String) throws {
        var call = try Self.call { $0.tenant = Tenant(environment: "e", account: "a") }
        call.tally = CallTally(attempts: 3, sent: 10, received: 20, status: status)
        let note = ProviderCall(call, call.request, since: .now, error: error)
        #expect(note.code == code && note.status == status && note.retries == 2)
        #expect(note.host == "e.test" && note.method == "GET" && note.tenant?.account == "a")
        #expect(note.bytesSent == 10 && note.bytesReceived == 20)
    }

    @Test func `that never began has no retries`() throws {
        let call = try Self.call()
        #expect(ProviderCall(call, call.request, since: .now, error: nil).retries == 0)
    }
}
