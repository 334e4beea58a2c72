using System.Runtime.InteropServices;

namespace ProSaas.Api.Agents.Faq;

/// <summary>A word of a text, by its place among the folded letters of a <see cref="Tokenizer"/>.</summary>
/// <param name="Clause">Number of the clause that it stands in.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Token(int Start, int Length, int Clause);
