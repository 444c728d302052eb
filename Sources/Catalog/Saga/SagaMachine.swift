package import JSON

/// The course of a saga as a pure state machine: which step is next, and what became of each.
///
/// A step's states: waiting → sending → done | failed | unknown; waiting → skipped; unknown → done (it was found) | waiting
/// (it was not there). A `reused` step was not needed: what it makes was there. `sending` is recorded before the first
/// request of a step leaves, so a step that another process left in it is `unknown`.
/// Up to the step that makes the result a failure ends the call. Behind it the others go on.
package struct SagaMachine: Sendable, Hashable {
    package enum Status: String, Sendable, Hashable {
        case waiting, sending, done, reused, failed, unknown, skipped

        /// Whether there is nothing more to do.
        var isSettled: Bool { self == .done || self == .reused || self == .skipped }
    }

    package struct Step: Sendable, Hashable {
        /// `attachments[0]` for the first of a list.
        package var name: String
        /// The place of the definition's step, and of the item in its list.
        package let definition: Int
        package let item: Int?
        /// Whether the call fails with it.
        package let isEssential: Bool
        /// Whether it can be looked for where its outcome is unknown.
        package let canFind: Bool
        package let isRepeatable: Bool
        package var status = Status.waiting
        package var id: String?
        package var failure: SagaFailure?

        package init(
            name: String, definition: Int, item: Int? = nil, isEssential: Bool, canFind: Bool = false,
            isRepeatable: Bool = false
        ) {
            self.name = name
            self.definition = definition
            self.item = item
            self.isEssential = isEssential
            self.canFind = canFind
            self.isRepeatable = isRepeatable
        }
    }

    package enum Action: Sendable, Hashable {
        /// Look for the candidate before anything is made.
        case search
        /// Look whether a step was carried out.
        case find(Int)
        case send(Int)
        /// The call ends without its result.
        case stop(Int)
        case finish
    }

    package private(set) var steps: [Step]
    /// Whether the candidate is still to be looked for. Once only: later it would find the one that was made.
    package private(set) var needsSearch: Bool
    /// Steps that nothing more can be found out about in this run.
    private var unresolvedSteps: Set<Int> = []

    package init(_ steps: [Step], needsSearch: Bool = false) {
        self.steps = steps
        self.needsSearch = needsSearch
    }

    package var next: Action {
        if needsSearch { return .search }
        for (at, step) in steps.enumerated() {
            switch step.status {
            case .done, .reused, .skipped: continue
            case .waiting: return .send(at)
            case .sending, .unknown:
                if step.isRepeatable, !unresolvedSteps.contains(at) { return .send(at) }
                if step.canFind, !unresolvedSteps.contains(at) { return .find(at) }
                if step.isEssential { return .stop(at) }
            case .failed:
                if step.isEssential { return .stop(at) }
            }
        }
        return .finish
    }

    /// Whether a repeat would find nothing left to do.
    package var isComplete: Bool { steps.allSatisfy(\.status.isSettled) }

    package mutating func searched() { needsSearch = false }

    package mutating func sends(_ at: Int) { set(at, .sending) }

    package mutating func done(_ at: Int, id: String?) {
        set(at, .done)
        steps[at].id = id
    }

    package mutating func reused(_ at: Int, id: String?) {
        set(at, .reused)
        steps[at].id = id
    }

    package mutating func skipped(_ at: Int) { set(at, .skipped) }

    package mutating func failed(_ at: Int, _ failure: SagaFailure) {
        set(at, .failed)
        steps[at].failure = failure
    }

    /// It was looked for and is not there.
    package mutating func missing(_ at: Int) { set(at, .waiting) }

    /// It may have been carried out, and nothing found in this run says so. Only a later call looks for what was sent just now:
    /// it need not be listed yet.
    package mutating func unresolved(_ at: Int, _ failure: SagaFailure) {
        set(at, .unknown)
        steps[at].failure = failure
        unresolvedSteps.insert(at)
    }

    private mutating func set(_ at: Int, _ status: Status) {
        steps[at].status = status
        steps[at].failure = nil
    }

    /// Goes on from what an earlier call has recorded of the same steps.
    ///
    /// What failed is tried again; what was being sent when the record was made is unknown.
    package mutating func resume(_ recorded: [Recorded], searched: Bool) {
        if searched { needsSearch = false }
        for at in steps.indices {
            guard let known = recorded.first(where: { $0.name == steps[at].name }) else { continue }
            steps[at].id = known.id
            steps[at].status =
                switch known.status {
                case .failed, .waiting: .waiting
                case .sending, .unknown: .unknown
                case let settled: settled
                }
        }
    }
}

/// Why a step was not carried out, as far as callers learn it.
package struct SagaFailure: Sendable, Hashable {
    package var status: Int
    package var code: String
    package var message: String

    package init(status: Int, code: String, message: String) {
        self.status = status
        self.code = code
        self.message = message
    }
}

extension SagaMachine {
    /// What is kept of a step.
    package struct Recorded: Sendable, Hashable {
        package var name: String
        package var status: Status
        package var id: String?

        package init(name: String, status: Status, id: String? = nil) {
            self.name = name
            self.status = status
            self.id = id
        }

        package init?(_ json: JSONValue) {
            guard let name = json["name"]?.string, let status = json["status"]?.string.flatMap(Status.init) else { return nil }
            self.init(name: name, status: status, id: json["id"]?.string)
        }
    }

    /// For the record: names, states and ids.
    package var recorded: JSONValue {
        .array(
            steps.map { step in
                var json: JSONObject = ["name": .string(step.name), "status": .string(step.status.rawValue)]
                json["id"] = step.id.map(JSONValue.string)
                return .object(json)
            })
    }

    /// For the caller: what was done, in order.
    package var summary: JSONValue {
        .array(
            steps.filter { $0.status != .waiting && $0.status != .skipped }.map { step in
                var json: JSONObject = ["name": .string(step.name), "status": .string(step.status.rawValue)]
                json["id"] = step.id.map(JSONValue.string)
                if let failure = step.failure {
                    json["code"] = .string(failure.code)
                    json["http_status"] = .number(JSONNumber(failure.status))
                }
                return .object(json)
            })
    }
}
