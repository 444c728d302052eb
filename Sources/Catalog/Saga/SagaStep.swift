import JSON

/// One step of a saga: a unified call of the same integration, made once or once for each item of a list.
///
/// The model describes each step; a mapping names those that its vendor needs, in order, and may say any part otherwise.
package struct SagaStep: Sendable {
    package var name: String
    /// The unified call; nil for the call that the saga belongs to.
    package var resource: String?
    package var method: String?
    /// Gives the list whose items are sent one by one; nil: the step is one call.
    package var items: MappingExpression?
    package var runIf: MappingExpression?
    package var query: MappingExpression?
    package var body: MappingExpression?
    /// Parameters that later steps get, made of the step's `result`.
    package var sets: [(name: String, value: MappingExpression)]
    package var find: SagaFind?
    /// Whether doing it twice changes nothing: a step whose outcome is unknown is then sent again.
    package var isRepeatable: Bool?
    /// Members of the caller's body that the step carries to the vendor.
    package var takes: [String]?
    /// How many files of each kind may go along with the call that the saga belongs to.
    package var files: [String: Int]?
    /// Whether they may; nil: always.
    package var filesIf: MappingExpression?

    init(name: String, decoding reader: DefinitionReader) {
        self.name = name
        resource = reader.text("resource")
        method = reader.text("method")
        items = reader.expression("for_each")
        runIf = reader.expression("run_if")
        query = reader.expression("query")
        body = reader.expression("body")
        let set = reader.child("sets")
        sets = (set?.children ?? []).compactMap { name, _ in set?.expression(name).map { (name, $0) } }
        find = reader.child("find").flatMap { SagaFind(decoding: $0) }
        isRepeatable = reader.bool("repeatable")
        let names = reader.texts("takes")
        takes = reader.has("takes") ? names : nil
        files = reader.raw("files")?.object.map { kinds in
            Dictionary(kinds.elements.compactMap { kind in kind.value.int.map { (kind.key, $0) } }) { first, _ in first }
        }
        filesIf = reader.expression("files_if")
    }

    /// This step, and of `base` what it does not say.
    func over(_ base: SagaStep?) -> SagaStep {
        guard let base else { return self }
        var merged = base
        if let resource { merged.resource = resource }
        if let method { merged.method = method }
        if let items { merged.items = items }
        if let runIf { merged.runIf = runIf }
        if let query { merged.query = query }
        if let body { merged.body = body }
        if !sets.isEmpty { merged.sets = sets }
        if let find { merged.find = find }
        if let isRepeatable { merged.isRepeatable = isRepeatable }
        if let takes { merged.takes = takes }
        if let files { merged.files = files }
        if let filesIf { merged.filesIf = filesIf }
        return merged
    }
}

/// How to look whether a step was carried out, where nobody knows.
package struct SagaFind: Sendable {
    /// A list of the unified model.
    package var resource: String
    package var query: MappingExpression
    /// Gives the record among `records`; nothing where it is not there, `false` where that cannot be known.
    package var match: MappingExpression
    /// Filters that the list must have; of an inner list one. Without them nothing can be known.
    package var needs: [[String]]
    /// A step whose own `find` is asked first where `candidate_id` is not known, for the ids to look under.
    package var under: String?

    init?(decoding reader: DefinitionReader) {
        resource = reader.text("resource") ?? ""
        needs = Requirement.decode(reader, "needs")
        under = reader.text("under")
        guard let query = reader.expression("query"), let match = reader.expression("match") else { return nil }
        self.query = query
        self.match = match
    }
}
