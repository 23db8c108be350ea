"""`tf.train.SequenceExample` without TensorFlow: the same messages, by their public definition.

The definition (tensorflow/core/example/*.proto) has not changed since 2016 and cannot without
breaking every stored record. A pool of its own keeps it apart from TensorFlow's.
"""

from google.protobuf import descriptor_pool, message_factory, text_format
from google.protobuf.descriptor_pb2 import FileDescriptorProto

_DEFINITION = """
name: "avdistill/sequence_example.proto" package: "avdistill" syntax: "proto3"
message_type { name: "BytesList"
  field { name: "value" number: 1 label: LABEL_REPEATED type: TYPE_BYTES } }
message_type { name: "FloatList"
  field { name: "value" number: 1 label: LABEL_REPEATED type: TYPE_FLOAT } }
message_type { name: "Int64List"
  field { name: "value" number: 1 label: LABEL_REPEATED type: TYPE_INT64 } }
message_type { name: "Feature" oneof_decl { name: "kind" }
  field { name: "bytes_list" number: 1 label: LABEL_OPTIONAL oneof_index: 0
          type: TYPE_MESSAGE type_name: ".avdistill.BytesList" }
  field { name: "float_list" number: 2 label: LABEL_OPTIONAL oneof_index: 0
          type: TYPE_MESSAGE type_name: ".avdistill.FloatList" }
  field { name: "int64_list" number: 3 label: LABEL_OPTIONAL oneof_index: 0
          type: TYPE_MESSAGE type_name: ".avdistill.Int64List" } }
message_type { name: "FeatureList"
  field { name: "feature" number: 1 label: LABEL_REPEATED
          type: TYPE_MESSAGE type_name: ".avdistill.Feature" } }
message_type { name: "Features"
  field { name: "feature" number: 1 label: LABEL_REPEATED
          type: TYPE_MESSAGE type_name: ".avdistill.Features.FeatureEntry" }
  nested_type { name: "FeatureEntry" options { map_entry: true }
    field { name: "key" number: 1 label: LABEL_OPTIONAL type: TYPE_STRING }
    field { name: "value" number: 2 label: LABEL_OPTIONAL
            type: TYPE_MESSAGE type_name: ".avdistill.Feature" } } }
message_type { name: "FeatureLists"
  field { name: "feature_list" number: 1 label: LABEL_REPEATED
          type: TYPE_MESSAGE type_name: ".avdistill.FeatureLists.FeatureListEntry" }
  nested_type { name: "FeatureListEntry" options { map_entry: true }
    field { name: "key" number: 1 label: LABEL_OPTIONAL type: TYPE_STRING }
    field { name: "value" number: 2 label: LABEL_OPTIONAL
            type: TYPE_MESSAGE type_name: ".avdistill.FeatureList" } } }
message_type { name: "SequenceExample"
  field { name: "context" number: 1 label: LABEL_OPTIONAL
          type: TYPE_MESSAGE type_name: ".avdistill.Features" }
  field { name: "feature_lists" number: 2 label: LABEL_OPTIONAL
          type: TYPE_MESSAGE type_name: ".avdistill.FeatureLists" } }
"""

_pool = descriptor_pool.DescriptorPool()
_pool.Add(text_format.Parse(_DEFINITION, FileDescriptorProto()))

SequenceExample = message_factory.GetMessageClass(
    _pool.FindMessageTypeByName("avdistill.SequenceExample")
)
