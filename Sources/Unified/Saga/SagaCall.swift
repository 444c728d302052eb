import Accounts
import Catalog
import HTTPTypes
import JSON
import NIOCore
import Storage

/// Carries out a call as a saga: drives `SagaMachine`, which decides, and makes the unified calls it asks for.
struct SagaCall {
    let exchange: ProviderExchange
    let saga: Saga
    var scope: SagaScope
    var machine: SagaMachine
    let intake: SagaIntake
    let duplicates: DuplicatePolicy
    /// What ended steps of this run.
    var errors: [Int: APIError] = [:]
    var warnings: [JSONValue] = []
    /// Whether anything has left that may have changed something: only then there is something to keep.
    var hasWritten = false

    /// Seconds by which the vendor's clock may differ from this one.
    private static let clockSkew: Int64 = 300

    static func perform(
        _ exchange: ProviderExchange, _ saga: Saga, _ deliver: (UnifiedResponse) async throws -> Void
    ) async throws {
        let intake = try await SagaIntake.read(exchange)
        try exchange.call.sagaLog?.bodyRead()
        var call = try await SagaCall(exchange, saga, intake)
        try await call.run(deliver)
    }

    private init(_ exchange: ProviderExchange, _ saga: Saga, _ intake: SagaIntake) async throws {
        self.exchange = exchange
        self.saga = saga
        self.intake = intake
        let request = SagaRequest(exchange, saga, intake)
        let (body, params) = try await exchange.evaluation.run { try request.checked() }
        let policy = try await request.duplicates(body: body, params: params)
        let since = Effects.live.now().adding(seconds: -Self.clockSkew).text
        var start = SagaScope(body: body, params: params, since: since)
        start.isCandidateKnown = params["candidate_id"] != nil
        let steps = try await exchange.evaluation.run { [start] in try Self.steps(saga, start, policy.looks) }
        duplicates = policy
        machine = SagaMachine(steps, needsSearch: policy.looks)
        scope = start
        if let earlier = exchange.call.sagaLog?.earlier { resume(earlier) }
        let unread = try await exchange.evaluation.run {
            exchange.plan.unread(
                body: body, query: exchange.parameters.query, steps: Set(steps.map(\.definition).filter { $0 >= 0 }))
        }
        warnings = saga.untaken(body).map(notSupported) + unread.map(UnreadWarnings(exchange).entry)
    }

    private func notSupported(_ part: String) -> JSONValue {
        [
            "code": "not_supported", "param": .string(part),
            "message": .string("\(exchange.plan.integration.label) has no call that takes \(part)"),
        ]
    }

    /// Files that no call takes, where others of the list are taken.
    private var untakenFiles: [String] {
        guard saga.steps[saga.resultStep].files != nil else { return [] }
        let taken = Set(machine.steps.filter { $0.status != .skipped }.map(\.name))
        return scope.files.indices.map { "\(Saga.fileList)[\($0)]" }.filter { !taken.contains($0) }
    }

    /// The steps that this call needs: each of a list for itself.
    private static func steps(_ saga: Saga, _ scope: SagaScope, _ looks: Bool) throws -> [SagaMachine.Step] {
        var steps: [SagaMachine.Step] = []
        // Where the application makes the candidate there is no step to say that it was there.
        if looks, !saga.steps.contains(where: { $0.name == "candidate" }) {
            steps.append(SagaMachine.Step(name: "candidate", definition: -1, isEssential: true))
        }
        /// Places of files that may go along with the call itself, and that call's step.
        var along: (items: [Int], carrier: Int) = ([], 0)
        for (at, step) in saga.steps.enumerated() {
            let items = try scope.items(of: step)
            guard try scope.runs(step) else { continue }
            for item in items.map({ $0.indices.map(Optional.init) }) ?? [nil] {
                let isAlong = step.name == Saga.fileList && item.map(along.items.contains) == true
                steps.append(
                    SagaMachine.Step(
                        name: item.map { "\(step.name)[\($0)]" } ?? step.name, definition: at, item: item,
                        isEssential: at <= saga.resultStep, canFind: step.find != nil,
                        isRepeatable: step.isRepeatable ?? false, carrier: isAlong ? along.carrier : nil))
            }
            guard at == saga.resultStep else { continue }
            along = (try scope.files(along: step).map(\.item), steps.count - 1)
            // A vendor that takes files with the application alone has no other step for them.
            guard !saga.steps.contains(where: { $0.name == Saga.fileList }) else { continue }
            for item in along.items {
                steps.append(
                    SagaMachine.Step(
                        name: "\(Saga.fileList)[\(item)]", definition: -1, item: item, isEssential: false,
                        carrier: along.carrier))
            }
        }
        return steps
    }

    private mutating func run(_ deliver: (UnifiedResponse) async throws -> Void) async throws {
        while true {
            switch machine.next {
            case .search: try await search()
            case .find(let at): try await find(at)
            case .send(let at): try await send(at)
            case .stop(let at):
                try await keep()
                throw stopped(at)
            case .finish:
                try await keep()
                return try await deliver(.json(ByteBuffer(bytes: response.bytes()), headers: [:]))
            }
        }
    }

    func keep() async throws {
        guard hasWritten else { return }
        try await exchange.call.sagaLog?.keep(progress, isComplete: machine.isComplete)
    }

    /// The error of a call that ends without its result, with what was done before.
    private func stopped(_ at: Int) -> APIError {
        var error =
            errors[at]
            ?? APIError(
                .outcomeUnknown, "Whether the step \(machine.steps[at].name) was carried out is not known",
                hint: "Look at the provider, or list, before you send it again with another key")
        error.members["steps"] = machine.summary
        return error
    }

    // MARK: What is kept

    var progress: JSONObject { Self.progress(scope, machine) }

    static func progress(_ scope: SagaScope, _ machine: SagaMachine) -> JSONObject {
        var json: JSONObject = [
            "since": .string(scope.since), "searched": .bool(!machine.needsSearch), "params": .object(scope.params),
            "known": .bool(scope.isCandidateKnown), "made": .array(scope.made.map(JSONValue.string)),
            "steps": machine.recorded,
        ]
        json["result"] = scope.result
        if !scope.warnings.isEmpty { json["warnings"] = .array(scope.warnings) }
        return json
    }

    private mutating func resume(_ earlier: JSONObject) {
        hasWritten = true
        scope.since = earlier["since"]?.string ?? scope.since
        scope.params = earlier["params"]?.object ?? scope.params
        scope.isCandidateKnown = earlier["known"] == true
        scope.made = earlier["made"]?.array?.compactMap(\.string) ?? []
        scope.result = earlier["result"]
        scope.warnings = earlier["warnings"]?.array ?? []
        let steps = earlier["steps"]?.array?.compactMap(SagaMachine.Recorded.init) ?? []
        machine.resume(steps, searched: earlier["searched"] == true)
    }

    // MARK: What the caller gets

    private var response: JSONValue {
        var object = scope.result?.object ?? [:]
        let parameters = exchange.parameters
        if parameters.ignoreRemoteData { object["remote_data"] = nil }
        for name in parameters.excludedFields { object[name] = nil }
        object["steps"] = machine.summary
        var warnings = warnings + untakenFiles.map(notSupported) + scope.warnings
        for (at, step) in machine.steps.enumerated() {
            guard let failure = step.failure ?? step.rest, step.status != .waiting else { continue }
            warnings.append([
                "code": .string(failure.code), "step": .string(step.name),
                "message": .string(errors[at]?.message ?? failure.message),
            ])
        }
        object["warnings"] = .array(warnings)
        if let policy = duplicates.applied {
            object["on_duplicate_candidate"] = .string(policy)
            object["duplicate_policy_of"] = duplicates.asked == nil ? "vendor" : "caller"
        }
        return .object(object)
    }
}
