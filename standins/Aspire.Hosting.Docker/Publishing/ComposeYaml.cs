using Aspire.Hosting.Docker.Resources;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.EventEmitters;
using YamlDotNet.Serialization.NamingConventions;

namespace Aspire.Hosting.Docker.Publishing;

/// <summary>Writes a Compose file: values that are strings in double quotes, numbers and booleans plain, nothing that is empty.</summary>
internal static class ComposeYaml
{
    public static string Write(ComposeFile file) => new SerializerBuilder()
        .WithNamingConvention(UnderscoredNamingConvention.Instance)
        .WithEventEmitter(next => new QuotedValues(next))
        .ConfigureDefaultValuesHandling(DefaultValuesHandling.OmitNull | DefaultValuesHandling.OmitEmptyCollections)
        .IncludeNonPublicProperties()
        .DisableAliases()
        .WithIndentedSequences()
        .WithNewLine("\n")
        .Build()
        .Serialize(file);

    /// <summary>Quotes strings that are not keys.</summary>
    private sealed class QuotedValues(IEventEmitter next) : ChainedEventEmitter(next)
    {
        // Of each open mapping whether a key comes next; null for a sequence, which has none.
        private readonly Stack<bool?> _isKeyNext = new();

        public override void Emit(ScalarEventInfo eventInfo, IEmitter emitter)
        {
            if (!MoveNext() && eventInfo.Source.Type == typeof(string))
            {
                eventInfo.Style = ScalarStyle.DoubleQuoted;
            }

            base.Emit(eventInfo, emitter);
        }

        public override void Emit(MappingStartEventInfo eventInfo, IEmitter emitter)
        {
            MoveNext();
            _isKeyNext.Push(true);
            base.Emit(eventInfo, emitter);
        }

        public override void Emit(MappingEndEventInfo eventInfo, IEmitter emitter)
        {
            _isKeyNext.Pop();
            base.Emit(eventInfo, emitter);
        }

        public override void Emit(SequenceStartEventInfo eventInfo, IEmitter emitter)
        {
            MoveNext();
            _isKeyNext.Push(null);
            base.Emit(eventInfo, emitter);
        }

        public override void Emit(SequenceEndEventInfo eventInfo, IEmitter emitter)
        {
            _isKeyNext.Pop();
            base.Emit(eventInfo, emitter);
        }

        /// <summary>Goes on to the next node of the open collection.</summary>
        /// <returns>Whether the node that comes now is a key.</returns>
        private bool MoveNext()
        {
            if (!_isKeyNext.TryPop(out var isKey))
            {
                return false;
            }

            _isKeyNext.Push(!isKey);
            return isKey == true;
        }
    }
}
