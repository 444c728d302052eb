import JSON

extension Builtins {
    static let pictures: [NativeFunction] = []
}
