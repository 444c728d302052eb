extension Action {
    /// `{steps: […]}`, or one step by itself.
    init(name: Name, decoding reader: DefinitionReader) throws(CatalogError) {
        self.name = name
        steps = []
        let readers = reader.has("steps") ? reader.items("steps") : [reader]
        for reader in readers { steps.append(try Mapping.Step(decoding: reader)) }
    }

    static func decode(_ reader: DefinitionReader?) throws(CatalogError) -> [Action] {
        var actions: [Action] = []
        for name in Name.allCases {
            guard let child = reader?.child(name.rawValue) else { continue }
            actions.append(try Action(name: name, decoding: child))
        }
        return actions
    }
}
