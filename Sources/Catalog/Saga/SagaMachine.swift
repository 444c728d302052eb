package import JSON

/// The course of a saga as a pure state machine: which step is next, and what became of each.
///
/// A step's states: waiting → sending → done | failed | unknown; waiting → skipped; unknown → done (it was found) | waiting
/// (it was not there). A `reused` step was not needed: what it makes was there. `sending` is recorded before the first
/// request of a step leaves, so a step that another process left in it is `unknown`.
/// Up to the step that makes the result a failure ends the call. Behind it the others go on.
/// The step of a file may have a `carrier`, a step before it whose call may take the file along. Once a request of that call
/// holds the file, the two share their outcome; a file that the call has left out is sent by its own step.
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
        /// The place of the step whose call may take this one's file along.
        package let carrier: Int?
        /// Whether a request of the carrier's call holds the file.
        package fileprivate(set) var isAlong = false
        package var status = Status.waiting
        package var id: String?
        package var failure: SagaFailure?
        /// Why the rest of it was refused, where its first request was accepted.
        package var rest: SagaFailure?

        package init(
            name: String, definition: Int, item: Int? = nil, isEssential: Bool, canFind: Bool = false,
            isRepeatable: Bool = false, carrier: Int? = nil
        ) {
            self.name = name
            self.definition = definition
            self.item = item
            self.isEssential = isEssential
            self.canFind = canFind
            self.isRepeatable = isRepeatable
            self.carrier = carrier
        }

        /// Whether there is a call of its own for it.
        var hasCall: Bool { definition >= 0 }
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

    package mutating func sends(_ at: Int) {
        set(at, .sending)
        steps[at].rest = nil
    }

    package mutating func done(_ at: Int, id: String?) {
        set(at, .done)
        steps[at].id = id
        settleCarried(by: at)
    }

    package mutating func reused(_ at: Int, id: String?) {
        set(at, .reused)
        steps[at].id = id
    }

    package mutating func skipped(_ at: Int) { set(at, .skipped) }

    package mutating func failed(_ at: Int, _ failure: SagaFailure) {
        set(at, .failed)
        steps[at].failure = failure
        releaseCarried(by: at)
    }

    /// Its first request was accepted, and a later one refused. What the first one made is there, so that a repeat looks for
    /// it before it sends anything.
    package mutating func refusedRest(of at: Int, _ failure: SagaFailure) {
        unresolved(at, failure)
        steps[at].status = .failed
        steps[at].rest = failure
    }

    /// It was looked for and is not there.
    package mutating func missing(_ at: Int) {
        set(at, .waiting)
        releaseCarried(by: at)
    }

    /// A request of a step's call, sent or about to be, holds the files of these items.
    package mutating func takesAlong(_ items: Set<Int>, with at: Int) {
        for file in carried(by: at) where steps[file].item.map(items.contains) == true {
            set(file, .sending)
            steps[file].isAlong = true
        }
    }

    /// Whether a file of the caller's list may go along with a step's call, and has not gone yet.
    package func mayTake(_ item: Int, with at: Int) -> Bool {
        carried(by: at).contains { steps[$0].item == item && steps[$0].status == .waiting }
    }

    private func carried(by at: Int) -> [Int] { steps.indices.filter { steps[$0].carrier == at } }

    /// The call was carried out: with it the files that it held. Any other is left to its own step, where it has one.
    private mutating func settleCarried(by at: Int) {
        for file in carried(by: at) {
            if steps[file].isAlong { set(file, .done) } else if !steps[file].hasCall { set(file, .skipped) }
        }
    }

    /// The call was not carried out.
    private mutating func releaseCarried(by at: Int) {
        for file in carried(by: at) where steps[file].isAlong {
            set(file, .waiting)
            steps[file].isAlong = false
        }
    }

    /// It may have been carried out, and nothing found in this run says so. Only a later call looks for what was sent just now:
    /// it need not be listed yet.
    package mutating func unresolved(_ at: Int, _ failure: SagaFailure) {
        set(at, .unknown)
        steps[at].failure = failure
        unresolvedSteps.insert(at)
        for file in carried(by: at) where steps[file].isAlong { set(file, .unknown) }
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
            steps[at].isAlong = known.isAlong
            steps[at].rest = known.rest
            steps[at].status =
                switch known.status {
                case .failed where known.rest != nil: .unknown
                case .failed, .waiting: .waiting
                case .sending, .unknown: .unknown
                case let settled: settled
                }
        }
        for at in steps.indices where steps[at].status == .done { settleCarried(by: at) }
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

    fileprivate init?(_ json: JSONValue?) {
        guard let json, let status = json["status"]?.int, let code = json["code"]?.string else { return nil }
        self.init(status: status, code: code, message: json["message"]?.string ?? "")
    }

    fileprivate var json: JSONValue {
        ["status": .number(JSONNumber(status)), "code": .string(code), "message": .string(message)]
    }
}

extension SagaMachine {
    /// What is kept of a step.
    package struct Recorded: Sendable, Hashable {
        package var name: String
        package var status: Status
        package var id: String?
        package var isAlong: Bool
        package var rest: SagaFailure?

        package init(
            name: String, status: Status, id: String? = nil, isAlong: Bool = false, rest: SagaFailure? = nil
        ) {
            self.name = name
            self.status = status
            self.id = id
            self.isAlong = isAlong
            self.rest = rest
        }

        package init?(_ json: JSONValue) {
            guard let name = json["name"]?.string, let status = json["status"]?.string.flatMap(Status.init) else { return nil }
            self.init(
                name: name, status: status, id: json["id"]?.string, isAlong: json["along"] == true,
                rest: SagaFailure(json["rest"]))
        }
    }

    /// For the record: names, states and ids.
    package var recorded: JSONValue {
        .array(
            steps.map { step in
                var json: JSONObject = ["name": .string(step.name), "status": .string(step.status.rawValue)]
                json["id"] = step.id.map(JSONValue.string)
                if step.isAlong { json["along"] = true }
                json["rest"] = step.rest?.json
                return .object(json)
            })
    }

    /// For the caller: what was done, in order.
    package var summary: JSONValue {
        .array(
            steps.filter { $0.status != .waiting && $0.status != .skipped }.map { step in
                var json: JSONObject = ["name": .string(step.name), "status": .string(step.status.rawValue)]
                json["id"] = step.id.map(JSONValue.string)
                if step.isAlong, let carrier = step.carrier { json["with"] = .string(steps[carrier].name) }
                if let failure = step.failure {
                    json["code"] = .string(failure.code)
                    json["http_status"] = .number(JSONNumber(failure.status))
                }
                return .object(json)
            })
    }
}
