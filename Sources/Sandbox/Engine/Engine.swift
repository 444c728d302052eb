import HTTPTypes
import Hummingbird
import JSON
import JSONata
import NIOCore
import Synchronization

/// Runs a sandbox's file: takes requests to its routes, one evaluation at a time.
final class Engine: HTTPResponder {
    typealias Context = SandboxContext

    let core: SandboxCore
    let options: SandboxOptions
    private let holder: MachineHolder
    private let machine: Mutex<Machine>
    private let fetcher: FileFetcher
    private let later = BackgroundTasks()

    /// - Throws: `definition` where the file is not one.
    init(_ definition: SandboxDefinition, core: SandboxCore, options: SandboxOptions) throws(SandboxError) {
        self.core = core
        self.options = options
        let (plan, holder) = try definition.plan()
        self.holder = holder
        let machine = Machine(plan: plan, core: core, options: options)
        holder.machine = machine
        // Held by the lock as long as the holder is used.
        self.machine = Mutex(machine)
        fetcher = FileFetcher(spool: core.spool)
    }

    func access<Result: Sendable>(_ work: (Machine) throws -> Result) rethrows -> Result {
        try machine.withLock { machine in
            defer { machine.call = nil }
            return try work(machine)
        }
    }

    func shutdown() async { await later.cancel() }

    func respond(to request: Request, context: SandboxContext) async throws -> Response {
        let call = Call(exchange: context.exchange, authority: request.head.authority, now: core.clock.now)
        var reply: Reply
        do {
            reply = try await carryOut(call, request)
        } catch let ending as Ending {
            reply = access { machine in
                machine.call = call
                machine.store.rollBack()
                return machine.reply(to: ending, call)
            }
        }
        let (common, latency) = access { machine in
            (machine.commonHeaders(call), call.route?.latencyMilliseconds ?? machine.latencyMilliseconds)
        }
        reply.headers.insert(contentsOf: common, at: 0)
        if latency > 0 { try await Task.sleep(for: .milliseconds(latency)) }
        return access { $0.render(reply) }
    }

    // MARK: The order of things

    private func carryOut(_ call: Call, _ request: Request) async throws -> Reply {
        if access({ $0.isOAuth(call) }) {
            try await receive(call, request, limit: 1 << 20)
            return try access { try $0.respondOAuth(call) }
        }
        let route = try await choose(call, request)
        call.route = route
        let readsBodyFirst = access { machine in
            (route.authorization ?? machine.plan.authorization).contains(where: \.readsBody)
        }
        if !route.isPublic {
            if readsBodyFirst { try await receive(call, request, route) }
            try access { machine in
                machine.call = call
                try machine.admit(call, route)
                try machine.count(call, route)
                try machine.permit(call, route)
            }
        } else if route.isSigned {
            try access { try $0.checkLink(call) }
        }
        var steps = route.steps[...]
        try access { machine in
            machine.call = call
            while let step = steps.first, !step.readsBody || call.hasBody {
                try machine.run(step, call)
                steps = steps.dropFirst()
            }
        }
        try await receive(call, request, route)
        try access { machine in
            machine.call = call
            for step in steps { try machine.run(step, call) }
        }
        if let fetch = route.fetch, !fetch.isLater { try await fetchNow(fetch, call) }
        return try finish(route, call)
    }

    private func finish(_ route: RouteSpec, _ call: Call) throws -> Reply {
        let (reply, urls) = try access { machine in
            machine.call = call
            let reply = try machine.act(route, call)
            let urls = try route.fetch.flatMap { fetch in fetch.isLater ? try machine.addresses(fetch) : nil } ?? []
            machine.commit()
            return (reply, urls)
        }
        if let fetch = route.fetch, fetch.isLater, !urls.isEmpty { fetchLater(fetch, urls, call) }
        return reply
    }

    /// The route for the request. A route's `when` may need the body.
    private func choose(_ call: Call, _ request: Request) async throws -> RouteSpec {
        let method = call.exchange.head.method.rawValue
        let segments = call.exchange.path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let routes = access(\.plan.routes)
        var found: [(route: RouteSpec, path: [(String, String)], weight: [Int])] = []
        var otherMethod = false
        for route in routes {
            for pattern in route.patterns {
                guard let path = pattern.match(segments) else { continue }
                if pattern.method == method { found.append((route, path, pattern.weight)) } else { otherMethod = true }
            }
        }
        // A stable order: what says more, then the order of the file.
        let ordered = found.enumerated().sorted {
            $1.element.weight.lexicographicallyPrecedes($0.element.weight)
                || ($0.element.weight == $1.element.weight && $0.offset < $1.offset)
        }.map(\.element)
        for candidate in ordered {
            call.path = JSONObject(candidate.path.map { ($0.0, .string($0.1)) })
            guard let when = candidate.route.when else { return candidate.route }
            if when.readsBody { try await receive(call, request, candidate.route) }
            let fits = try access { machine in
                machine.call = call
                return try machine.evaluate(when).map(Machine.isTrue) ?? false
            }
            if fits { return candidate.route }
        }
        call.path = [:]
        let args: JSONValue = ["path": .string(call.exchange.path), "method": .string(method)]
        throw Ending.failure(otherMethod ? "method_not_allowed" : "no_route", args)
    }

    private func receive(_ call: Call, _ request: Request, _ route: RouteSpec) async throws {
        let limit = options.maxRequestBytes ?? route.maxBody ?? access(\.plan.maxBody)
        try await receive(call, request, limit: limit)
        try access { try $0.readBody(call) }
    }

    /// Reads the body to its end. A declared length past the limit is refused before anything is read, any other as
    /// soon as the limit is passed.
    private func receive(_ call: Call, _ request: Request, limit: Int) async throws {
        guard !call.hasBody else { return }
        let tooLarge = Ending.failure("too_large", ["limit": .integer(limit)])
        if let length = call.exchange.contentLength, length > limit { throw tooLarge }
        var size = 0
        for try await buffer in request.body {
            size += buffer.readableBytes
            if size > limit { throw tooLarge }
        }
    }

    // MARK: Files fetched by URL

    private func fetchNow(_ fetch: RouteSpec.Fetch, _ call: Call) async throws {
        let addresses = try access { machine in
            machine.call = call
            return try machine.addresses(fetch)
        }
        guard !addresses.isEmpty else { return }
        try await fetchFiles(fetch, call, addresses)
    }

    /// Fetches the files and keeps them as `$fetched`.
    private func fetchFiles(_ fetch: RouteSpec.Fetch, _ call: Call, _ addresses: [String]) async throws {
        if fetch.delayMilliseconds > 0 { try await Task.sleep(for: .milliseconds(fetch.delayMilliseconds)) }
        var found: [FileFetcher.Fetched] = []
        for address in addresses {
            do { found.append(try await fetcher.fetch(address, limit: fetch.maxSize ?? 1 << 32)) } catch {
                throw Ending.failure("fetch_failed", ["url": .string(address), "reason": .string(error.reason)])
            }
        }
        try access { machine in
            machine.call = call
            let files = try found.map { try machine.keep($0.name, $0.contentType, $0.sha256, $0.file) }
            call.names["fetched"] = files.count == 1 ? files[0] : .array(files)
        }
    }

    private func fetchLater(_ fetch: RouteSpec.Fetch, _ addresses: [String], _ call: Call) {
        later.start { [self] in
            do { try await fetchFiles(fetch, call, addresses) } catch {
                guard !Task.isCancelled else { return }
                guard case .failure(_, let args)? = error as? Ending else { return }
                call.names["fetch_error"] = args["reason"] ?? "failed"
            }
            access { machine in
                machine.call = call
                do {
                    if let then = fetch.then { _ = try machine.evaluate(then) }
                    machine.commit()
                } catch {
                    machine.store.rollBack()
                }
            }
        }
    }
}
