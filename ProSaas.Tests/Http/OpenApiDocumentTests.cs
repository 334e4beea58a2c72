using System.Text.Encodings.Web;
using System.Text.Json.Nodes;

namespace ProSaas.Tests.Http;

/// <summary>The API's contract is a file, so that a change of it is seen in the review.</summary>
public sealed class OpenApiDocumentTests(PostgresFixture postgres, ApiFixture fixture)
{
    private const string UpdateSwitch = "PROSAAS_UPDATE_OPENAPI";

    private static readonly string FilePath = Path.Combine(Repository.Root, "docs", "openapi.json");

    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Description_is_that_of_the_repository()
    {
        using var client = (await fixture.GetAsync(postgres)).CreateClient();
        var description = JsonNode.Parse((await client.GetAsync("/openapi/v1.json")).Text)!.AsObject();
        description.Remove("servers");
        var text = description.ToJsonString(Readable).ReplaceLineEndings("\n") + "\n";

        if (Environment.GetEnvironmentVariable(UpdateSwitch) is "1")
        {
            await File.WriteAllTextAsync(FilePath, text, TestContext.Current.CancellationToken);
        }

        (await File.ReadAllTextAsync(FilePath, TestContext.Current.CancellationToken))
            .ShouldBe(text, $"if the contract is to change, run this test with {UpdateSwitch}=1 and commit docs/openapi.json");
    }
}
