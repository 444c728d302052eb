@_spi(Engine) import JSON

/// The functions of the language, by topic.
enum Builtins {
    static let all: [NativeFunction] =
        strings + matching + numbers + aggregates + booleans + arrays + objects + higherOrder + encodings + pictures
        + misc
}
