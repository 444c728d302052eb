import ArgumentParser

/// An argument of the form `name=value`.
struct KeyValue: ExpressibleByArgument, Hashable {
    var key: String
    var value: String

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else { return nil }
        key = String(argument[..<equals])
        value = String(argument[argument.index(after: equals)...])
    }
}

extension KeyValue {
    init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}
