import Catalog
import JSON

extension SagaCall {
    /// Makes the call of a step.
    ///
    /// - Throws: what ends the whole call: the client has gone, the key is another's, nothing can be kept.
    mutating func send(_ at: Int) async throws {
        let (step, item) = definition(at)
        let items = try await items(of: step)
        let (query, body, places) = try await exchange.evaluation.run { [scope] in
            let (query, body) = try scope.call(step, items, item)
            return (query, body, try scope.files(along: step))
        }
        machine.sends(at)
        let watch = SagaWatch()
        let log = exchange.call.sagaLog
        let willSend: @Sendable () async throws -> Void = { [scope, machine] in
            guard let held = watch.news() else { return }
            var sending = machine
            sending.takesAlong(held, with: at)
            try await log?.keep(Self.progress(scope, sending), isComplete: false)
        }
        do {
            let along = try await FilesAlong.gathered(
                places.filter { machine.mayTake($0.item, with: at) }, of: scope.files, from: intake, exchange)
            var call = self.call(step, query, body, along)
            call.watch = watch
            call.willSend = willSend
            guard let document = try await StepCall.document(call, exchange.service) else {
                throw APIError(.badProviderResponse, "The provider's response is no record")
            }
            hasWritten = true
            note(document["warnings"], of: at)
            let record = step.method.map { _ in document["result"] ?? document } ?? document.without("warnings")
            machine.takesAlong(watch.held, with: at)
            try await done(at, record)
            try await keep()
        } catch let error as APIError where error.code != .idempotencyKeyInUse {
            errors[at] = error
            if watch.hasWritten { hasWritten = true }
            machine.takesAlong(watch.held, with: at)
            let failure = SagaFailure(status: error.status, code: error.code.name, message: error.message)
            switch Self.outcome(of: error, watch) {
            case .nothingDone: machine.failed(at, failure)
            case .restRefused: machine.refusedRest(of: at, failure)
            case .unknown: machine.unresolved(at, failure)
            }
            try await keep()
        }
    }

    /// Keeps what the call of a step had no place for.
    private mutating func note(_ warnings: JSONValue?, of at: Int) {
        for case .object(var warning) in warnings?.array ?? [] {
            warning["step"] = .string(machine.steps[at].name)
            scope.warnings.append(.object(warning))
        }
    }

    private mutating func done(_ at: Int, _ record: JSONValue) async throws {
        let (step, item) = definition(at)
        let items = try await items(of: step)
        let id = record["id"]?.string
        scope = try await exchange.evaluation.run { [scope] in
            var scope = scope
            try scope.learn(record, of: step, items, item)
            return scope
        }
        if machine.steps[at].definition == saga.resultStep { scope.result = record }
        if let id { scope.made.append(id) }
        machine.done(at, id: id)
    }

    private func definition(_ at: Int) -> (step: SagaStep, item: Int?) {
        (saga.steps[machine.steps[at].definition], machine.steps[at].item)
    }

    private func items(of step: SagaStep) async throws -> [JSONValue] {
        try await exchange.evaluation.run { [scope] in try scope.items(of: step) ?? [] }
    }

    private func call(
        _ step: SagaStep, _ query: JSONObject, _ body: JSONObject, _ along: FilesAlong
    ) -> UnifiedCall {
        var call = StepCall.base(exchange.call)
        var body = body
        var remoteData: JSONObject?
        if let resource = step.resource, let method = step.method {
            call.resource = resource
            call.method = method
            call.parameters.query = query
            call.parameters.ignoreRemoteData = true
            remoteData = body["remote_data"]?.object
        } else {
            call.parameters = exchange.parameters
            call.parameters.ignoreRemoteData = false
            call.parameters.excludedFields = []
            call.parameters.query["on_duplicate_candidate"] = nil
            for (name, value) in query { call.parameters.query[name] = value }
            for (name, value) in scope.params { body[name] = value }
            // Of the files it sees those that it may take along.
            body[Saga.fileList] = along.items.isEmpty ? nil : .array(along.items)
            remoteData = intake.remoteData
        }
        body["remote_data"] = nil
        let file = body["file"].flatMap(FileHandle.init).flatMap { intake.files[$0.token] }
        call.prepared = PreparedBody(body: body, remoteData: remoteData, file: file, along: along.files)
        return call
    }

    /// What an error says of the step that it ended.
    private enum Outcome { case nothingDone, restRefused, unknown }

    private static func outcome(of error: APIError, _ watch: SagaWatch) -> Outcome {
        if !watch.hasWritten { return .nothingDone }
        let isRefusal = error.remote != nil && (400..<500).contains(error.status)
        // The first request was accepted, so what it makes is there, whatever became of the others.
        if watch.hasGoneOn { return isRefusal ? .restRefused : .unknown }
        switch error.code {
        case .outcomeUnknown, .internalError, .mappingFailed, .mappingTooExpensive, .badProviderResponse: return .unknown
        default: return error.remote == nil || isRefusal ? .nothingDone : .unknown
        }
    }

    // MARK: Looking

    /// Looks whether a step of an earlier call was carried out.
    mutating func find(_ at: Int) async throws {
        let (step, item) = definition(at)
        guard let find = step.find else { return }
        let items = try await items(of: step)
        do {
            var places = [scope]
            if scope.params["candidate_id"] == nil, let under = find.under.flatMap(saga.step)?.find {
                guard let people = try await records(under, scope, [], nil) else { return unresolved(at) }
                places = people.compactMap { $0["id"]?.string }.map { id in
                    var place = scope
                    place.params["candidate_id"] = .string(id)
                    return place
                }
            }
            for place in places {
                guard let records = try await records(find, place, items, item) else { return unresolved(at) }
                let match = try await exchange.evaluation.run { try place.match(find, records, items, item) }
                if match == false { return unresolved(at) }
                guard let match, match["id"] != nil else { continue }
                try await done(at, match)
                return try await keep()
            }
            machine.missing(at)
        } catch let error as APIError {
            errors[at] = error
            unresolved(at)
        }
    }

    private func records(
        _ find: SagaFind, _ scope: SagaScope, _ items: [JSONValue], _ item: Int?
    ) async throws -> [JSONValue]? {
        let query = try await exchange.evaluation.run { try scope.query(find, items, item) }
        return try await SagaSearch(exchange).records(find, query)
    }

    private mutating func unresolved(_ at: Int) {
        let code = APIError.Code.outcomeUnknown
        machine.unresolved(
            at, SagaFailure(status: code.status, code: code.name, message: "Whether it was carried out is not known"))
    }

    /// Looks for the candidate by e-mail address, before anything is made.
    ///
    /// - Throws: `duplicate_candidate` where there is one and the caller wants none.
    mutating func search() async throws {
        guard let find = saga.step("candidate")?.find else { return machine.searched() }
        var anytime = scope
        anytime.since = ""
        let records = try await records(find, anytime, [], nil) ?? []
        let found = try await exchange.evaluation.run { [anytime] in try anytime.match(find, records, [], nil) }
        machine.searched()
        let own = machine.steps.firstIndex { $0.name == "candidate" }
        guard let id = found?["id"]?.string else {
            if let own, machine.steps[own].definition < 0 { machine.skipped(own) }
            return
        }
        if duplicates.asked == .fail {
            var error = APIError(
                .duplicateCandidate, "There is a candidate with this e-mail address", param: "candidate[emails]",
                hint: "Send candidate_id, or on_duplicate_candidate=reuse")
            error.members["candidate"] = ["id": .string(id)]
            throw error
        }
        scope.params["candidate_id"] = .string(id)
        scope.isCandidateKnown = true
        if let own { machine.reused(own, id: id) }
    }
}

extension JSONValue {
    fileprivate func without(_ name: String) -> JSONValue {
        guard var object else { return self }
        object[name] = nil
        return .object(object)
    }
}
