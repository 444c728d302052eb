import Catalog
import HTTPTypes
import JSON

/// Fetches the records that references point to: some at a time, so that the calls stay within the vendor's limits.
struct ReferenceFetcher {
    private typealias Key = ReferenceExpansion.Key

    /// Calls under way at most for one expansion.
    private static let mostAtOnce = 6

    private let service: UnifiedService
    private let call: UnifiedCall
    private let width: Int

    init(_ service: UnifiedService, _ call: UnifiedCall, _ plan: MethodPlan) {
        self.service = service
        self.call = call
        let limits = plan.integration.rateLimit
        // Limits of particular calls are waited for one call at a time.
        let rates = limits?.buckets.filter(\.scope.calls.isEmpty).map { Double($0.requests) / $0.seconds } ?? []
        let places = limits?.concurrency.filter(\.scope.calls.isEmpty).map(\.limit) ?? []
        width = Self.width(rates: rates, places: places, longestWait: service.limits.maxRateLimitWait)
    }

    /// The unified `get` of a resource, for the account and in the shape of another call.
    static func call(_ resource: String, for call: UnifiedCall) -> UnifiedCall {
        var step = StepCall.base(call)
        step.resource = resource
        step.method = "get"
        step.parameters.format = call.parameters.format == .normalized ? .normalized : .unified
        step.parameters.ignoreRemoteData = call.parameters.ignoreRemoteData
        return step
    }

    /// Calls at a time of which each has its turn before it would be refused.
    ///
    /// - Parameters:
    ///   - rates: calls a second that the vendor allows. `places`: calls that it allows at a time.
    static func width(rates: [Double], places: [Int], longestWait: Duration) -> Int {
        let seconds = longestWait / .seconds(1)
        let most = rates.map { Int((seconds * $0).rounded(.down)) } + places
        return max(1, most.reduce(mostAtOnce, min))
    }

    /// - Returns: the records that there are; an entry for each of the others, in the order asked for.
    /// - Throws: what ends the whole call: the client has gone.
    func fetch(
        _ fetches: [ReferenceExpansion.Fetch]
    ) async throws -> (records: [ReferenceExpansion.Key: JSONValue], warnings: [JSONValue]) {
        let end = ContinuousClock.now + service.limits.expandTime
        var results: [Result<JSONValue, APIError>?] = Array(repeating: nil, count: fetches.count)
        try await withThrowingTaskGroup(of: (Int, Result<JSONValue, APIError>).self) { group in
            var next = 0
            func start() {
                guard next < fetches.count else { return }
                let (at, fetch) = (next, fetches[next])
                next += 1
                group.addTask { (at, try await record(fetch, until: end)) }
            }
            for _ in 0..<width { start() }
            while let (at, result) = try await group.next() {
                results[at] = result
                start()
            }
        }
        var records: [Key: JSONValue] = [:]
        var warnings: [JSONValue] = []
        for (fetch, result) in zip(fetches, results) {
            switch result {
            case .success(let record): records[fetch.key] = record
            case .failure(let error): warnings.append(Self.warning(fetch, error))
            case nil: break
            }
        }
        return (records, warnings)
    }

    private func record(
        _ fetch: ReferenceExpansion.Fetch, until end: ContinuousClock.Instant
    ) async throws -> Result<JSONValue, APIError> {
        var step = Self.call(fetch.key.resource, for: call)
        step.id = fetch.key.id
        step.parameters.query = fetch.query
        while ContinuousClock.now < end {
            do {
                guard let record = try await StepCall.document(step, service) else { break }
                return .success(record)
            } catch let error as APIError {
                // Others use the account too: a turn that was refused is asked for again.
                guard error.code == .rateLimited, error.remote == nil, let wait = error.retryAfter,
                    ContinuousClock.now + wait < end
                else { return .failure(error) }
                try await Task.sleep(for: wait)
            }
        }
        return .failure(APIError(.providerTimeout, "There was no time left to fetch it"))
    }

    private static func warning(_ fetch: ReferenceExpansion.Fetch, _ error: APIError) -> JSONValue {
        [
            "code": .string(error.code.name), "field": .string(fetch.field), "id": .string(fetch.key.id),
            "status": .number(JSONNumber(error.status)), "message": .string(error.message),
        ]
    }
}

extension APIError {
    /// What `Retry-After` says.
    fileprivate var retryAfter: Duration? {
        headerFields[.retryAfter].flatMap { Int($0) }.map { .seconds($0) }
    }
}
