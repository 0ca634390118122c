/// A parsed expression.
indirect enum RegexNode {
    case set(LinearRegex.ScalarSet)
    case sequence([RegexNode])
    case either([RegexNode])
    case times(RegexNode, Int, Int?)
    case lineStart, lineEnd
}

/// From the tree to a program of bounded length.
struct RegexCompiler {
    private var program: [LinearRegex.Instruction] = []

    static func compile(_ node: RegexNode) throws(RegexProblem) -> [LinearRegex.Instruction] {
        var compiler = RegexCompiler()
        try compiler.emit(node)
        try compiler.append(.accept)
        return compiler.program
    }

    private mutating func append(_ instruction: LinearRegex.Instruction) throws(RegexProblem) {
        program.append(instruction)
        if program.count > LinearRegex.maximumProgram {
            throw RegexProblem(
                "is larger than \(LinearRegex.maximumProgram) steps once its repetitions are written out")
        }
    }

    private mutating func emit(_ node: RegexNode) throws(RegexProblem) {
        switch node {
        case .set(let set): try append(.take(set))
        case .lineStart: try append(.lineStart)
        case .lineEnd: try append(.lineEnd)
        case .sequence(let parts): for part in parts { try emit(part) }
        case .either(let parts): try either(parts[...])
        case .times(let part, let least, let most):
            for _ in 0..<least { try emit(part) }
            guard let most else { return try star(part) }
            for _ in least..<max(least, most) { try optional(part) }
        }
    }

    private mutating func either(_ parts: ArraySlice<RegexNode>) throws(RegexProblem) {
        guard let first = parts.first else { return }
        if parts.count == 1 { return try emit(first) }
        let split = program.count
        try append(.split(split + 1, 0))
        try emit(first)
        let jump = program.count
        try append(.jump(0))
        program[split] = .split(split + 1, program.count)
        try either(parts.dropFirst())
        program[jump] = .jump(program.count)
    }

    private mutating func star(_ part: RegexNode) throws(RegexProblem) {
        let split = program.count
        try append(.split(split + 1, 0))
        try emit(part)
        try append(.jump(split))
        program[split] = .split(split + 1, program.count)
    }

    private mutating func optional(_ part: RegexNode) throws(RegexProblem) {
        let split = program.count
        try append(.split(split + 1, 0))
        try emit(part)
        program[split] = .split(split + 1, program.count)
    }
}
