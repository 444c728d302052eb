import JSON

extension MethodPlan {
    /// Whether the caller's `remote_data` goes into the call of a step before the call itself.
    ///
    /// It belongs to the call that makes or changes the record. That is the call itself, unless a step says that it is
    /// (`makes_record`), or the call only reads what a step has made: then it is the first step that writes.
    func takesRemoteData(_ step: Mapping.Step, _ method: IntegrationMethod, _ scope: CallInput) -> Bool {
        guard scope.remoteData?.isEmpty == false, method.hasBody else { return false }
        if steps.contains(where: \.makesRecord) { return step.makesRecord }
        // Uploads to an address that another call gave take a file, and nothing more.
        return method.mayChange(isMain: false) && !method.noAuth && steps.contains { $0.name == step.name } && !mainWrites(scope)
    }

    private var steps: [Mapping.Step] { mapping.before + mapping.sources.flatMap(\.before) }

    private func mainWrites(_ scope: CallInput) -> Bool {
        let methods: [IntegrationMethod] =
            switch try? route(for: scope) {
            case .single(let call)?: [call.method]
            case .concatenated(let calls)?, .firstFound(let calls)?: calls.map(\.method)
            case .fixed?: []
            // What decides may be the result of a step that is still to come.
            case nil: Self.possibleMethods(mapping, integration)
            }
        // Vendors that read by POST say that it may be sent twice.
        return methods.contains { $0.hasBody && $0.mayChange(isMain: false) }
    }
}

extension IntegrationMethod {
    /// Whether its request can hold members.
    var hasBody: Bool { httpMethod != "GET" && httpMethod != "HEAD" && !ignoreBody }
}
