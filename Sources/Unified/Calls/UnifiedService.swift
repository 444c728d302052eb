package import Accounts
package import Catalog
import JSON
package import Upstream

/// Carries out unified calls: plan, map, send, map back.
package final class UnifiedService: Sendable {
    /// Sizes that bound what one call may hold.
    package struct Limits: Sendable {
        /// Bytes of a form that are read before the provider is called.
        package var lookahead = 1 << 20
        /// Where a file lies, encrypted, whose JSON says more behind it; nil: nowhere, and what the call needs must come
        /// before the file.
        package var spoolFolder: String? = SpoolFolder.standard
        /// Bytes of one file.
        package var maxFileBytes: Int64 = 5 << 30
        /// Bytes of a provider's response that is mapped.
        package var maxResponseBytes = 32 << 20
        /// Bytes that all calls together may hold of their bodies; past it a call is refused with 503.
        package var maxInFlightBytes = 192 << 20
        /// Bytes between a body and its provider.
        package var pipeBytes = 256 << 10
        /// How long a call waits at most for its turn under the provider's rate limits, before it is refused instead.
        package var maxRateLimitWait = Duration.seconds(2)
        /// How long a call may take whose body is known whole.
        package var callTime = UpstreamLimits.json
        /// How long a call may take whose body streams.
        package var streamTime = UpstreamLimits.stream
        /// How long a call may take during which the provider fetches the file.
        package var fetchTime = UpstreamLimits(total: .seconds(3600), idle: nil)
        /// How long a call reads on, page by page, for a list that the gateway filters.
        package var filterTime = Duration.seconds(10)
        /// How long a call goes on fetching the records that references point to.
        package var expandTime = Duration.seconds(20)
        /// How long a response may take that is passed on as it arrives: the head in time, the rest as long as it moves.
        package var downloadTime = UpstreamLimits(head: .seconds(25))

        /// What the mappings of one call may use, and what those of particular environments may.
        package var mapping = MappingLimits()
        package var mappingByEnvironment: [String: MappingLimits] = [:]

        package init() {}

        func mapping(in environment: String) -> MappingLimits { mappingByEnvironment[environment] ?? mapping }
    }

    let catalog: Catalog
    package let upstream: Upstream
    let limits: Limits
    let inFlight: InFlightBytes
    let credentials: CredentialManager
    /// Calls per account, by what the definitions say that providers allow.
    let turns: CallLimiter
    let concurrency: ConcurrencyLimiter
    /// Files that providers fetch, and where they reach the gateway.
    let fileLinks: FileLinkService?
    package let publicAddress: PublicAddress

    /// - Parameter sharedBuckets: what the nodes count their calls to providers with together; nil where this one is alone.
    package init(
        catalog: Catalog, upstream: Upstream, credentials: CredentialManager, limits: Limits = Limits(),
        sharedBuckets: SharedBuckets? = nil, fileLinks: FileLinkService? = nil, publicAddress: PublicAddress = PublicAddress()
    ) {
        self.fileLinks = fileLinks
        self.publicAddress = publicAddress
        self.catalog = catalog
        self.upstream = upstream
        self.limits = limits
        inFlight = InFlightBytes(limit: limits.maxInFlightBytes)
        self.credentials = credentials
        turns = CallLimiter(longestWait: limits.maxRateLimitWait, shared: sharedBuckets)
        concurrency = ConcurrencyLimiter(longestWait: limits.maxRateLimitWait, shared: sharedBuckets)
    }

    /// Carries out a call and hands its response to `deliver`, which runs at most once and, for streamed responses, while
    /// the provider is still sending.
    ///
    /// - Throws: `APIError`; whatever ended the request's body early; whatever `deliver` throws.
    package func perform(_ call: UnifiedCall, deliver: (UnifiedResponse) async throws -> Void) async throws {
        var found: MethodPlan?
        do {
            let plan = try await plan(for: call)
            found = plan
            if !call.isStep {
                CallNotes.current?.note { facts in
                    facts.resource = "\(plan.model)/\(plan.resource)"
                    facts.method = plan.method
                }
            }
            if !call.isStep, plan.onlyReads { call.endWithClient?() }
            if !call.parameters.expandedFields.isEmpty {
                return try await ExpandedCall(self, call, plan).perform(deliver)
            }
            let evaluation = evaluation(of: plan, for: call)
            let room = try room(for: call)
            defer { inFlight.release(room) }
            if room == InFlightBytes.least { call.body?.useSmallReads() }
            let exchange = ProviderExchange(
                service: self, plan: plan, call: call, room: room,
                credentials: CallCredentials(
                    call.account.stored, for: ForbiddenCall(resource: plan.resource, method: plan.method), keeper: credentials),
                evaluation: evaluation)
            if call.parameters.bodyPassthrough, let body = call.body {
                try await BodyPassthrough(exchange).perform(body, deliver)
            } else if let saga = plan.saga, !call.isStep, call.parameters.format.isMapped {
                try await SagaCall.perform(exchange, saga, deliver)
            } else {
                try await MappedCall(exchange).perform(deliver)
            }
        } catch let error as CatalogError where error.isWithoutSession && call.account.stored?.account.status == .needsReauth {
            throw APIError.sessionRefused
        } catch let error as CatalogError {
            throw error.code == .cancelled
                ? CancellationError() : APIError(error, plan: found, query: call.parameters.query)
        } catch let error as UpstreamError {
            throw Self.unwrapped(error)
        } catch let error as FileFetchError {
            throw error.code == .cancelled ? CancellationError() : APIError(error)
        }
    }

    /// The plan of a call; one that overrides have a part in is made where their expressions run.
    func plan(for call: UnifiedCall) async throws -> MethodPlan {
        let account = call.account
        func made() throws(CatalogError) -> MethodPlan {
            try catalog.plan(
                model: call.model, resource: call.resource, method: call.method, integration: account.integration,
                environmentOverrides: account.environmentOverrides, accountOverrides: account.accountOverrides)
        }
        guard Overrides.mayHoldExpressions(account.environmentOverrides, account.accountOverrides) else {
            return try made()
        }
        let known = catalog.knownPlan(
            model: call.model, resource: call.resource, method: call.method, integration: account.integration,
            environmentOverrides: account.environmentOverrides, accountOverrides: account.accountOverrides)
        if let known { return known }
        return try await EvaluationPool.shared.run(environment: account.environmentID, account: account.id) {
            let plan = try made()
            plan.compileOverrides()
            return plan
        }
    }

    private func evaluation(of plan: MethodPlan, for call: UnifiedCall) -> CallEvaluation {
        let isOverridden = !plan.overriddenExpressions.isEmpty
        let evaluation = CallEvaluation(
            environment: call.account.environmentID, account: call.account.id, isOverridden: isOverridden,
            cost: plan.cost, limits: limits.mapping(in: call.account.environmentID))
        // A client that has ended its side may still read; for what an override costs it is taken to be gone.
        if isOverridden { call.whenClientLeaves? { evaluation.cancel() } }
        return evaluation
    }

    private func room(for call: UnifiedCall) throws(APIError) -> InFlightBytes.Room {
        let wanted = InFlightBytes.Room(lookahead: limits.lookahead, pipe: limits.pipeBytes)
        guard let body = call.body else { return InFlightBytes.Room(lookahead: 0, pipe: limits.pipeBytes, cost: 0) }
        return try inFlight.take(wanted, bodyLength: body.contentLength)
    }

    /// The error of a request's own body stays what it was.
    private static func unwrapped(_ error: UpstreamError) -> any Error {
        switch error.code {
        case .sourceFailed:
            switch error.source {
            case let fetch as FileFetchError where fetch.code != .cancelled: APIError(fetch)
            case let spool as SpoolError: APIError(spool)
            case let source: source ?? APIError(error)
            }
        case .cancelled: CancellationError()
        default: APIError(error)
        }
    }
}
