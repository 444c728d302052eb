import HTTPTypes
package import JSON

/// The course of one unified call as a pure state machine: what to send next, until there is a response.
///
/// Order: before-steps · the call, or the calls of its sources, each after its own before-steps · after-steps. Transitions:
/// `start` → send | finished; `received` after each send → send | finished; nothing after finished.
/// A list of several sources goes on to the next one while the page has room; a record's sources are tried until one
/// has it. Any other refusal ends the call.
package struct CallMachine: Sendable {
    package enum Action: Sendable {
        /// Indirect, as the request is large and the machine keeps it too.
        indirect case send(OutgoingRequest, PlannedCall)
        case finished(CallOutcome)
    }

    private enum Stage {
        case before(Int)
        /// A step before the call of a source.
        case source(Int, step: Int)
        case main(Int)
        case after(Int)
        case finished
    }

    package let plan: MethodPlan
    package private(set) var scope: CallInput
    private var stage = Stage.before(0)
    private var calls: [PlannedCall] = []
    private var isList = false
    /// Set while a step is carried out for each of several items.
    private var loop: StepLoop?
    /// Whether a step that is being carried out has taken the caller's `remote_data`: no later call gets it too.
    private var remoteDataIsTaken = false
    /// Whether the call itself has no place for the caller's `remote_data`, and no step has taken it.
    package private(set) var dropsRemoteData = false
    /// The body as the caller gave it.
    package private(set) var callerBody: JSONObject?
    /// The request whose response is waited for.
    private var pending: Action?
    private var page = MappedPage(records: [], nextCursor: nil, isPartial: false, headers: HTTPFields())
    private let asked: Int?
    private let filters: [FilterCondition]
    /// Pages in which the record of a `get` was not found, and how many are looked through before it is taken for missing.
    private var searchedPages = 0
    private static let maxSearchedPages = 100
    /// Set where the gateway drops records.
    private var filtering: FilteredPaging?
    /// Whether there is time to read another page for a list that the gateway filters.
    package var mayReadOn = true

    /// - Parameter scope: `cursor` is the caller's `next_cursor` as it came.
    package init(_ plan: MethodPlan, _ scope: CallInput) {
        self.plan = plan
        callerBody = scope.body?.object
        self.scope = scope
        self.scope.share(plan.sharedParameters)
        if plan.unifiedMethod.response == .list {
            self.scope.query = DateTimeParameters.asBounds(plan.timeParameters, in: self.scope.query)
        }
        asked = scope.limit
        var filters: [FilterCondition] = []
        for filter in plan.filters?.gateway ?? [] {
            guard let value = self.scope.given(filter.name) else { continue }
            filters.append(FilterCondition(filter, value))
            page.filteredBy.append(filter.name)
        }
        self.filters = filters
    }

    /// The first thing to do.
    ///
    /// - Throws: as `RequestBuilder.build`, and `badCursor`.
    package mutating func start() throws(CatalogError) -> Action { try proceed() }

    /// The next thing to do after the response to the request that was sent.
    ///
    /// - Throws: as `start`, and `expressionFailed`.
    package mutating func received(_ response: ProviderResponse) throws(CatalogError) -> Action {
        guard case .send(let request, let call) = pending else { return .finished(.page(page)) }
        pending = nil
        let mapper = ResponseMapper(plan, call)
        switch stage {
        case .before(let at), .after(let at):
            if let failure = try mapper.failure(response, request: request, scope: scope) { return finish(.failure(failure)) }
            let steps = isAfter ? plan.mapping.after : plan.mapping.before
            let result = try mapper.data(of: response, request: request, scope: scope) ?? .null
            ended(steps[at], call, result, next: isAfter ? .after(at + 1) : .before(at + 1))
            return try proceed()
        case .source(let at, let step):
            if let failure = try mapper.failure(response, request: request, scope: scope) { return try refused(failure, at) }
            let result = try mapper.data(of: response, request: request, scope: scope) ?? .null
            ended(calls[at].before[step], call, result, next: .source(at, step: step + 1))
            return try proceed()
        case .main(let at):
            let looksInside = filtering != nil || !plan.mapping.after.isEmpty
            switch try mapper.map(response, request: request, scope: scope, looksInside: looksInside) {
            case .failure(let failure): return try refused(failure, at)
            case .page(let page): return try mapped(page, call, at)
            }
        case .finished: return .finished(.page(page))
        }
    }

    /// Goes on with other credentials: the request that is to be sent as it is with them.
    ///
    /// - Throws: as `start`.
    package mutating func renewed(context: JSONObject) throws(CatalogError) -> OutgoingRequest? {
        guard pending != nil else { return nil }
        scope.context = context
        guard case .send(let request, _) = try proceed() else { return nil }
        return request
    }

    /// Whether the request to be sent is the call itself, not a step before or after it.
    package var isMainCall: Bool { if case .main = stage { true } else { false } }

    /// Replaces the caller's body by what is known of it once a streamed form has been read to its end.
    package mutating func learned(body: JSONValue) {
        callerBody = body.object
        scope.body = body
        scope.share(plan.sharedParameters)
    }

    private func objects(_ records: [MappedRecord]) throws(CatalogError) -> [JSONValue] {
        var objects: [JSONValue] = []
        for record in records { objects.append(.object(try record.object())) }
        return objects
    }

    private var isAfter: Bool { if case .after = stage { true } else { false } }

    private mutating func proceed() throws(CatalogError) -> Action {
        while true {
            switch stage {
            case .before(let at):
                if loop == nil, let refusal = try plan.refusal(scope, after: at) { return finish(.refused(refusal)) }
                guard at < plan.mapping.before.count else {
                    if let fixed = try prepare() { return finish(.fixed(fixed)) }
                    continue
                }
                if let send = try take(plan.mapping.before[at], next: .before(at + 1)) { return send }
            case .source(let at, let step):
                guard at < calls.count else {
                    // Every source was left out. A list is then empty; a record and a file are not there.
                    if !isList, plan.unifiedMethod.httpMethod == "GET" || plan.unifiedMethod.response == .binary {
                        return finish(.failure(.noRecord))
                    }
                    stage = .after(0)
                    continue
                }
                guard step < calls[at].before.count else {
                    stage = .main(at)
                    continue
                }
                if let send = try take(calls[at].before[step], next: .source(at, step: step + 1)) { return send }
            case .main(let at):
                let request = try RequestBuilder(plan, calls[at]).build(scope)
                dropsRemoteData = scope.remoteData?.isEmpty == false && !request.body.holdsMembers
                return send(request, calls[at])
            case .after(let at):
                guard at < plan.mapping.after.count else { return finish(.page(page)) }
                let data = JSONValue.array(try objects(page.records))
                if let send = try take(plan.mapping.after[at], next: .after(at + 1), data: data) { return send }
            case .finished: return .finished(.page(page))
            }
        }
    }

    /// Works out the main calls; gives the static response where there are none.
    private mutating func prepare() throws(CatalogError) -> JSONValue? {
        var (first, skip) = (0, 0)
        switch try plan.route(for: scope) {
        case .fixed(let value): return value
        case .single(let call):
            calls = [call]
            isList = plan.unifiedMethod.response == .list
        case .firstFound(let all): calls = all
        case .concatenated(let all):
            calls = all
            isList = true
        }
        if let text = scope.cursor {
            let cursor = try SourceCursor(text)
            guard let at = calls.firstIndex(where: { $0.source == cursor.source }) else { throw .badCursor }
            scope.cursor = cursor.cursor
            first = at
            skip = cursor.skip
        }
        if isList, !filters.isEmpty { filtering = FilteredPaging(filters, asked: asked, skip: skip) }
        stage = .source(first, step: 0)
        return nil
    }

    private mutating func take(
        _ step: Mapping.Step, next: Stage, data: JSONValue? = nil
    ) throws(CatalogError) -> Action? {
        if loop == nil, let items = try plan.items(of: step, scope: scope, data: data) {
            if let refusal = plan.refusal(of: step, items: items.count) { return finish(.refused(refusal)) }
            loop = StepLoop(items)
        }
        while let item = loop?.item {
            switch try plan.step(step, scope: scope, data: data, item: item) {
            case .skipped: loop?.advance(nil)
            case .value(let value): loop?.advance(value ?? .null)
            case .request(let request, let call): return send(request, call)
            }
        }
        if let result = loop?.result {
            scope.before[step.name] = result
            loop = nil
            go(to: next)
            return nil
        }
        switch try plan.step(step, scope: scope, data: data) {
        case .skipped: stage = next
        case .value(let value):
            stage = next
            if let value { scope.before[step.name] = value }
        case .request(let request, let call): return send(request, call)
        }
        return nil
    }

    /// Notes what the response to a step gave; one that has further items goes on with them.
    private mutating func ended(_ step: Mapping.Step, _ call: PlannedCall, _ result: JSONValue, next: Stage) {
        if call.takesRemoteData { remoteDataIsTaken = true }
        guard loop == nil else {
            loop?.advance(result)
            return
        }
        scope.before[step.name] = result
        go(to: next)
    }

    private mutating func go(to next: Stage) {
        if remoteDataIsTaken { scope.remoteData = nil }
        stage = next
    }

    private mutating func send(_ request: OutgoingRequest, _ call: PlannedCall) -> Action {
        let action = Action.send(request, call)
        pending = action
        return action
    }

    private mutating func refused(_ failure: ProviderFailure, _ at: Int) throws(CatalogError) -> Action {
        loop = nil
        guard !isList, failure.isNotFound, at + 1 < calls.count else { return finish(.failure(failure)) }
        stage = .source(at + 1, step: 0)
        return try proceed()
    }

    private mutating func mapped(
        _ mapped: MappedPage, _ call: PlannedCall, _ at: Int
    ) throws(CatalogError) -> Action {
        var mapped = mapped
        let cut = filtering?.take(&mapped.records, have: page.records.count)
        page.records += mapped.records
        page.isPartial = page.isPartial || mapped.isPartial
        page.headers += mapped.headers
        guard isList else {
            // A source that responds without the record is one that does not have it.
            let isMissing = mapped.records.isEmpty && plan.unifiedMethod.response == .record
            if isMissing, let next = mapped.nextCursor, searchedPages < Self.maxSearchedPages {
                searchedPages += 1
                scope.cursor = next
                stage = .main(at)
            } else if isMissing, at + 1 < calls.count {
                scope.cursor = nil
                stage = .source(at + 1, step: 0)
            } else if isMissing, plan.readsRecord {
                return finish(.failure(.noRecord))
            } else {
                stage = .after(0)
            }
            return try proceed()
        }
        if let filtering {
            if let cut {
                page.nextCursor = SourceCursor(source: call.source, cursor: scope.cursor, skip: cut).text
                stage = .after(0)
                return try proceed()
            }
            if let next = mapped.nextCursor, filtering.isShort(page.records.count) {
                guard mayReadOn, filtering.readsOn(after: page.records.count) else {
                    page.isPartial = true
                    page.nextCursor = SourceCursor(source: call.source, cursor: next).text
                    stage = .after(0)
                    return try proceed()
                }
                scope.cursor = next
                stage = .main(at)
                return try proceed()
            }
        }
        let room = asked.map { $0 - page.records.count }
        if mapped.nextCursor == nil, at + 1 < calls.count, room.map({ $0 > 0 }) ?? true {
            scope.cursor = nil
            // Where records are dropped a page of any size may be cut, so its size stays.
            if filtering == nil { scope.limit = room }
            stage = .source(at + 1, step: 0)
        } else {
            page.nextCursor = SourceCursor.next(after: call, cursor: mapped.nextCursor, in: calls)?.text
            stage = .after(0)
        }
        return try proceed()
    }

    private mutating func finish(_ outcome: CallOutcome) -> Action {
        stage = .finished
        return .finished(outcome)
    }
}

/// How a unified call ended.
package enum CallOutcome: Sendable {
    /// `nextCursor` is ready for the caller.
    case page(MappedPage)
    case failure(ProviderFailure)
    /// By the definition, after the steps before the call; the call itself was not made.
    case refused(Mapping.Refusal)
    /// The definition's static response.
    case fixed(JSONValue)
}
