/// The programs of a template: one that is right, and one that counts positive numbers only.
struct TemplateProgram {
    var file: String
    var compile: [String]?
    var run: [String] = []
    var reference: String
    var broken: String

    var brokenFile: String { file.replacing(".", with: "-broken.") }

    static func function(_ language: Language) -> TemplateProgram? {
        switch language {
        case .python:
            let text = """
                def total(numbers):
                    result = 0
                    for number in numbers:
                        result += number
                    return result

                """
            return TemplateProgram(
                file: "solution.py", reference: text,
                broken: text.replacing("result += number", with: "result += max(number, 0)"))
        case .javascript:
            let text = """
                function total(numbers) {
                  let result = 0;
                  for (const number of numbers) result += number;
                  return result;
                }

                """
            return TemplateProgram(
                file: "solution.js", reference: text,
                broken: text.replacing("result += number", with: "result += Math.max(number, 0)"))
        default: return nil
        }
    }

    static func checker(_ language: Language) -> String {
        language == .python
            ? """
            def check(total):
                assert total([7]) == 7
                assert total([12, 30, 4]) == 46
                assert total([5, -9]) == -4
                assert total([]) == 0

            """
            : """
            const assert = require("assert");

            async function check(total) {
              assert.strictEqual(await total([7]), 7);
              assert.strictEqual(await total([12, 30, 4]), 46);
              assert.strictEqual(await total([5, -9]), -4);
              assert.strictEqual(await total([]), 0);
            }

            """
    }

    /// Takes any spelling of the sum.
    static let judge = """
        from sys import exit

        numbers = [int(line) for line in open("input")]
        try:
            told = int(open("output").read())
        except ValueError:
            print("one whole number is wanted")
            exit(1)
        if told != sum(numbers):
            print(f"{told} is not the sum")
            exit(1)

        """

    /// Reads one number a line and writes their sum.
    static func cli(_ language: Language) -> TemplateProgram {
        var program = programs[language] ?? TemplateProgram(file: "", reference: "", broken: "")
        let file = program.file
        switch language {
        case .c: program.compile = ["gcc", "-O1", "-Wall", file, "-o", "main"]
        case .cpp: program.compile = ["g++", "-O1", "-Wall", file, "-o", "main"]
        case .java: program.compile = ["javac", "-nowarn", file]
        case .swift: program.compile = ["swiftc", "-Onone", file, "-o", "main"]
        default: break
        }
        switch language {
        case .bash: program.run = ["bash", file]
        case .c, .cpp, .swift: program.run = ["./main"]
        case .java: program.run = ["java", "-Xmx256m", "Main"]
        case .javascript: program.run = ["node", file]
        case .perl: program.run = ["perl", file]
        case .python: program.run = ["python3", "-B", file]
        }
        return program
    }

    private static let programs: [Language: TemplateProgram] = [
        .bash: make(
            "main.sh", "total=0\nwhile read -r number; do @((total += number)); done\necho \"$total\"\n",
            "((number > 0)) && "),
        .c: make(
            "main.c",
            """
            #include <stdio.h>

            int main(void) {
                long total = 0, number;
                while (scanf("%ld", &number) == 1) @total += number;
                printf("%ld\\n", total);
            }

            """, "if (number > 0) "),
        .cpp: make(
            "main.cpp",
            """
            #include <iostream>

            int main() {
                long total = 0, number;
                while (std::cin >> number) @total += number;
                std::cout << total << "\\n";
            }

            """, "if (number > 0) "),
        .java: make(
            "Main.java",
            """
            public class Main {
                public static void main(String[] arguments) {
                    var input = new java.util.Scanner(System.in);
                    long total = 0;
                    while (input.hasNextLong()) {
                        long number = input.nextLong();
                        @total += number;
                    }
                    System.out.println(total);
                }
            }

            """, "if (number > 0) "),
        .javascript: make(
            "main.js",
            """
            const lines = require("fs").readFileSync(0, "utf8").split("\\n");
            let total = 0;
            for (const line of lines) @total += Number(line);
            console.log(total);

            """, "if (Number(line) > 0) "),
        .perl: make(
            "main.pl", "my $total = 0;\nwhile (my $number = <STDIN>) { @$total += $number; }\nprint \"$total\\n\";\n",
            "next if $number < 0; "),
        .python: make(
            "main.py", "import sys\n\ntotal = 0\nfor line in sys.stdin:\n    @total += int(line)\nprint(total)\n",
            "if int(line) > 0: "),
        .swift: make(
            "main.swift",
            "var total = 0\nwhile let line = readLine() {\n    let number = Int(line) ?? 0\n    @total += number\n}\nprint(total)\n",
            "if number < 0 { continue }\n    "),
    ]

    /// The text without its mark, and with `defect` in the place of it.
    private static func make(_ file: String, _ text: String, _ defect: String) -> TemplateProgram {
        TemplateProgram(
            file: file, reference: text.replacing("@", with: ""), broken: text.replacing("@", with: defect))
    }
}
