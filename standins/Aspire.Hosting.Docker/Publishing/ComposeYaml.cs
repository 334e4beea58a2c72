using System.Globalization;
using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Aspire.Hosting.Docker.Publishing;

/// <summary>Writes a Compose file: strings in double quotes, numbers and booleans plain, nothing that is empty.</summary>
internal sealed class ComposeYaml
{
    private readonly Emitter _emitter;

    private ComposeYaml(TextWriter writer) => _emitter = new Emitter(writer, new EmitterSettings().WithIndentedSequences().WithNewLine("\n").WithBestWidth(int.MaxValue));

    public static string Write(ComposeFile file)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        new ComposeYaml(writer).WriteFile(file);
        return writer.ToString();
    }

    private void WriteFile(ComposeFile file)
    {
        _emitter.Emit(new StreamStart());
        _emitter.Emit(new DocumentStart());
        Mapping(() =>
        {
            Text("name", file.Name);
            Named("services", file.Services, WriteService);
            Named("networks", file.Networks, network => Text("driver", network.Driver));
            Named("volumes", file.Volumes, volume => Text("driver", volume.Driver));
            Named("configs", file.Configs, config => Text("content", config.Content));
        });
        _emitter.Emit(new DocumentEnd(isImplicit: true));
        _emitter.Emit(new StreamEnd());
    }

    private void WriteService(Service service)
    {
        Text("image", service.Image);
        if (service.Build is { } build)
        {
            Key("build");
            Mapping(() =>
            {
                Text("context", build.Context);
                Text("dockerfile", build.Dockerfile);
                Texts("args", build.Args);
            });
        }

        List("command", service.Command);
        Texts("environment", service.Environment);
        List("ports", service.Ports);
        List("expose", service.Expose);
        Sequence("volumes", service.Volumes, WriteVolume);
        Named("depends_on", service.DependsOn, dependency => Text("condition", dependency.Condition));
        List("networks", service.Networks);
        Text("restart", service.Restart);
        if (service.Healthcheck is { } healthcheck)
        {
            Key("healthcheck");
            Mapping(() => WriteHealthcheck(healthcheck));
        }

        Sequence("configs", service.Configs, config =>
        {
            Text("source", config.Source);
            Text("target", config.Target);
        });
    }

    private void WriteVolume(Volume volume)
    {
        Text("type", volume.Type);
        Text("target", volume.Target);
        Text("source", volume.Source);
        Plain("read_only", volume.ReadOnly?.ToString().ToLowerInvariant());
    }

    private void WriteHealthcheck(Healthcheck healthcheck)
    {
        List("test", healthcheck.Test);
        Text("interval", healthcheck.Interval);
        Text("timeout", healthcheck.Timeout);
        Plain("retries", healthcheck.Retries?.ToString(CultureInfo.InvariantCulture));
        Text("start_period", healthcheck.StartPeriod);
    }

    private void Texts(string name, Dictionary<string, string> texts)
    {
        if (texts.Count > 0)
        {
            Key(name);
            Mapping(() =>
            {
                foreach (var (key, text) in texts)
                {
                    Text(key, text);
                }
            });
        }
    }

    private void Named<T>(string name, Dictionary<string, T> members, Action<T> write)
    {
        if (members.Count == 0)
        {
            return;
        }

        Key(name);
        Mapping(() =>
        {
            foreach (var (key, member) in members)
            {
                Key(key);
                Mapping(() => write(member));
            }
        });
    }

    private void Sequence<T>(string name, List<T> items, Action<T> write)
    {
        if (items.Count == 0)
        {
            return;
        }

        Key(name);
        _emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
        foreach (var item in items)
        {
            Mapping(() => write(item));
        }

        _emitter.Emit(new SequenceEnd());
    }

    private void List(string name, List<string> items)
    {
        if (items.Count == 0)
        {
            return;
        }

        Key(name);
        _emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
        foreach (var item in items)
        {
            Quoted(item);
        }

        _emitter.Emit(new SequenceEnd());
    }

    private void Mapping(Action write)
    {
        _emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
        write();
        _emitter.Emit(new MappingEnd());
    }

    private void Text(string name, string? value)
    {
        if (value is not null)
        {
            Key(name);
            Quoted(value);
        }
    }

    private void Plain(string name, string? value)
    {
        if (value is not null)
        {
            Key(name);
            _emitter.Emit(new Scalar(value));
        }
    }

    private void Key(string name) => _emitter.Emit(new Scalar(name));

    private void Quoted(string value) => _emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, value, ScalarStyle.DoubleQuoted, isPlainImplicit: false, isQuotedImplicit: true));
}
