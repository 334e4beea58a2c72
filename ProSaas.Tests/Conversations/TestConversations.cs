using ProSaas.Tests.Businesses;

namespace ProSaas.Tests.Conversations;

internal static class TestConversations
{
    /// <summary>A business of one test that answers on both channels.</summary>
    public static async Task<TestBusiness> CreateBusinessAsync(TestApi api)
    {
        var (business, _) = await TestBusiness.CreateAsync(api);
        await Database.ExecuteAsync(
            api.Database.Owner, $"UPDATE businesses SET calls_enabled = true, whatsapp_enabled = true WHERE id = {business.Id}");
        return business;
    }
}
