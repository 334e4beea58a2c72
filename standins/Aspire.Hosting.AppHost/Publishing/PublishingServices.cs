using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Publishing;

internal static class PublishingServices
{
    /// <summary>Adds what publish mode needs.</summary>
    public static void AddPublishing(this IServiceCollection services) => services.AddSingleton<Publisher>();
}
