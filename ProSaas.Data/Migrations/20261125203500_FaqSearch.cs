using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ProSaas.Data.Migrations;

public sealed partial class FaqSearch : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        // The model does not know the column: nobody reads it but the search, and nobody writes it.
        migrationBuilder.Sql($"""
            CREATE EXTENSION IF NOT EXISTS pg_trgm;
            ALTER TABLE public.faq_entries ADD COLUMN search_words tsvector NOT NULL GENERATED ALWAYS AS (
                setweight({Vector(WordsOf("question"))}, 'A') || setweight({Vector(WordsOf("answer"))}, 'B')
                || setweight({Vector(SkeletonsOf("question"))}, 'C') || setweight({Vector(SkeletonsOf("answer"))}, 'D')
            ) STORED;
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("ALTER TABLE public.faq_entries DROP COLUMN search_words;");
    }

    /// <summary>
    /// The words of a text as they are looked for: without vowel points and apostrophes, final letters of Hebrew as ordinary ones,
    /// and a Hebrew word also as what is left of it without one and without two letters that may be prefixes.
    /// </summary>
    private static string WordsOf(string column)
    {
        const string InsideWord = "[\\u0591-\\u05BD\\u05BF\\u05C1\\u05C2\\u05C4\\u05C5\\u05C7''\"`’׳״]";
        return WithoutPrefix(WithoutPrefix($"translate(regexp_replace({column}, '{InsideWord}', '', 'g'), 'ךםןףץ', 'כמנפצ')"));
    }

    /// <summary>The same of Hebrew alone, without the letters inside that may stand for vowels.</summary>
    private static string SkeletonsOf(string column) => $"regexp_replace({WordsOf(column)}, '(?<=[א-ת])[וי](?=[א-ת])|[^א-ת ]', '', 'g')";

    private static string Vector(string text) => $"to_tsvector('simple'::regconfig, {text})";

    private static string WithoutPrefix(string text) => $@"regexp_replace({text}, '\m([ובהכלמש])([א-ת]{{3,}})', '\1\2 \2', 'g')";
}
