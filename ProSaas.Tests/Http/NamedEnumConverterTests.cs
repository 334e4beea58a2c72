using ProSaas.Api.Http;
using ProSaas.Data;
using ProSaas.Data.Conversations;

namespace ProSaas.Tests.Http;

public sealed class NamedEnumConverterTests
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new NamedEnumConverter<AgentChannel>(), new NamedEnumConverter<DayOfWeek>() },
    };

    [Theory]
    [InlineData(AgentChannel.Calls, "calls")]
    [InlineData(AgentChannel.WhatsApp, "whatsapp")]
    public void Name_in_json_is_that_of_the_database(AgentChannel channel, string name)
    {
        JsonSerializer.Serialize(channel, Options).ShouldBe($"\"{name}\"");
        JsonSerializer.Deserialize<AgentChannel>($"\"{name}\"", Options).ShouldBe(channel);
        EnumNames.Of(channel).ShouldBe(name);
    }

    [Theory]
    [InlineData("\"Calls\"")]
    [InlineData("\"fax\"")]
    [InlineData("\"0\"")]
    [InlineData("0")]
    [InlineData("\"calls, whatsapp\"")]
    public void Value_that_is_none_of_them_is_told_by_path_and_with_what_is_allowed(string json)
    {
        var refusal =
            Should.Throw<EnumNameException>(() => JsonSerializer.Deserialize<Body>($$"""{"parts":[{"channel":{{json}}}]}""", Options));

        (refusal.Path, refusal.Message).ShouldBe(("$.parts[0].channel", "It is calls or whatsapp."));
    }

    [Fact]
    public void Fault_names_all_of_many() =>
        EnumNames.Fault<DayOfWeek>().ShouldBe("It is sunday, monday, tuesday, wednesday, thursday, friday or saturday.");

    private sealed record Body(Part[] Parts);

    private sealed record Part(AgentChannel? Channel);
}
