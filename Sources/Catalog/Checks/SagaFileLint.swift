import JSON
import JSONata

/// Checks the files that a call takes along by itself.
struct SagaFileLint {
    let saga: Saga
    /// What a file may be; empty where the model does not say.
    let kinds: [String]

    init(_ saga: Saga, _ model: UnifiedModel) {
        self.saga = saga
        let fields = model.resources[Saga.fileList]?.schema.properties ?? []
        kinds = fields.first { $0.name == "attachment_type" }?.schema["enum"]?.array?.compactMap(\.string) ?? []
    }

    func faults(_ mapping: Mapping) -> [String] {
        let step = saga.steps[saga.resultStep]
        guard let files = step.files else { return [] }
        var faults = files.keys.sorted().filter { !kinds.contains($0) }.map { kind in
            "the step '\(step.name)' takes files of the unknown kind '\(kind)'" + DidYouMean.hint(kind, among: kinds)
        }
        if files.isEmpty { faults.append("the step '\(step.name)' takes files of no kind") }
        if !reads(mapping) {
            faults.append("the step '\(step.name)' takes files, and nothing that is sent reads body.\(Saga.fileList)")
        }
        return faults
    }

    /// Whether what is sent is made of the files.
    private func reads(_ mapping: Mapping) -> Bool {
        let steps = mapping.before + mapping.sources.flatMap(\.before)
        let bodies = ([mapping.steps] + mapping.sources.map(\.steps)).map(\.body) + steps.map(\.config.expression)
        let isInExpression = bodies.compactMap(\.self).contains { expression in
            // One that does not compile is a fault of its own.
            guard let compiled = try? expression.expression(), let members = compiled.membersRead(of: "body") else { return true }
            return members.contains(Saga.fileList)
        }
        let trees = [mapping.defaultBody] + steps.map(\.config.template)
        return isInExpression
            || trees.compactMap(\.self).flatMap(\.placeholders).contains { placeholder in
                placeholder.members(of: "body")?.contains(Saga.fileList) ?? true
            }
    }
}
